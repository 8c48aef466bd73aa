import { EntityRepository } from '@mikro-orm/sql';
import { digestOf, generateKey } from '../tokens/key.ts';
import type { Link } from './link.entity.ts';
import { type LinkPurpose, linkPurposes } from './link-purpose.ts';

/** A mail as it was taken from the queue. */
type QueuedMail = { readonly id: string; readonly requestedAt: string };

/** What a link says to whoever opens it. */
type Opened = { readonly userId: number; readonly purpose: LinkPurpose; readonly email: string };

const PASSWORD_AND_ADDRESS = 'u.password_hash, u.email';

/** SQL for a digest of what the account `u` is now. @param of SQL, a list */
const stateOf = (of: string): string => `encode(sha256(convert_to(jsonb_build_array(${of})::text, 'UTF8')), 'hex')`;

/** The same, as far as it matters to a link of the purpose. */
const stateFor = (purpose: LinkPurpose): string => stateOf(linkPurposes[purpose].diesWithPassword ? PASSWORD_AND_ADDRESS : 'u.email');

/** SQL for a link `l` to the account `u` that still works. Its parameters: the digest, the purpose. */
const isLive = (purpose: LinkPurpose): string =>
  `u.id = l.user_id and l.digest = ? and l.purpose = ? and l.expires_at > now() and u.is_active and l.account_state = ${stateFor(purpose)}`;

const OPENED = 'l.user_id as "userId", l.purpose, l.email';

export class LinkRepository extends EntityRepository<Link> {
  /**
   * Makes the link for a mail, by one statement: when the account changes meanwhile, either the mail is off or the link is dead.
   * @returns the token, which exists only here; null when the mail is not wanted any more
   */
  async issue(purpose: LinkPurpose, { id, requestedAt }: QueuedMail): Promise<string | null> {
    const token = generateKey();
    const rows = await this.em.execute(
      `insert into links (digest, purpose, user_id, email, account_state, expires_at)
       select ?, ?, u.id, m.recipient, ${stateFor(purpose)}, now() + make_interval(secs => ?)
         from mails m join users u on u.id = m.user_id
        where m.id = ? and m.requested_at = ?::timestamptz and u.is_active and ${linkPurposes[purpose].isDue}
       returning 1`,
      [digestOf(token), purpose, linkPurposes[purpose].lifetime, id, requestedAt],
    );
    return rows.length > 0 ? token : null;
  }

  /** Whose link that is, without using it up; null for a dead, a used and an unknown one. */
  async peek(purpose: LinkPurpose, token: string): Promise<Opened | null> {
    const [row] = await this.em.execute<Opened[]>(`select ${OPENED} from links l, users u where ${isLive(purpose)}`, [
      digestOf(token),
      purpose,
    ]);
    return row ?? null;
  }

  /** Uses a link up. The caller's transaction holds a lock on the account, so that of simultaneous tries one finds it. */
  async use(purpose: LinkPurpose, token: string): Promise<Opened | null> {
    const [row] = await this.em.execute<Opened[]>(`delete from links l using users u where ${isLive(purpose)} returning ${OPENED}`, [
      digestOf(token),
      purpose,
    ]);
    return row ?? null;
  }

  /** Lets links live on when a password is to be stored by another hash. The caller's transaction holds a lock on the account. */
  async outliveHash(userId: number, passwordHash: string): Promise<void> {
    await this.em.execute(
      `update links l set account_state = ${stateOf('?::text, u.email')}
         from users u where u.id = l.user_id and u.id = ? and l.account_state = ${stateOf(PASSWORD_AND_ADDRESS)}`,
      [passwordHash, userId],
    );
  }

  /** Ends a person's links, all or those of one purpose. */
  async endAll(userId: number, purpose?: LinkPurpose): Promise<void> {
    await this.em.execute('delete from links where user_id = ? and (?::text is null or purpose = ?)', [
      userId,
      purpose ?? null,
      purpose ?? null,
    ]);
  }
}
