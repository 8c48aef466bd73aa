import { defineEntity, p } from '@mikro-orm/core';
import { type EntityManager, EntityRepository } from '@mikro-orm/sql';
import { digestOf, generateKey } from '../../shared/key.ts';
import { User } from '../users/user.ts';

type Rules = {
  /** How long a link works after it was sent, in seconds. */
  readonly lifetime: number;
  /** Whether the link dies when the password changes. Every link dies when the address changes. */
  readonly diesWithPassword: boolean;
  /** SQL over `u` and `m`, the queued mail: whether the link is still needed. */
  readonly isDue: string;
};

/** What links sent by mail are for. No link dies of a login: a thief who logs in must not keep the owner from recovering the account. */
export const linkPurposes = {
  'password-reset': {
    lifetime: 60 * 60,
    diesWithPassword: true,
    isDue: "u.email = m.recipient and u.password_hash not like '!%'",
  },
  'email-verification': {
    lifetime: 24 * 60 * 60,
    diesWithPassword: false,
    isDue: 'u.email = m.recipient and not u.email_verified',
  },
  // The password counts too: an owner who changes it because a stranger knew it also voids the stranger's change of address.
  'email-change': {
    lifetime: 24 * 60 * 60,
    diesWithPassword: true,
    isDue: 'u.email <> m.recipient',
  },
} as const satisfies Record<string, Rules>;

export type LinkPurpose = keyof typeof linkPurposes;

const LinkSchema = defineEntity({
  name: 'Link',
  tableName: 'links',
  repository: () => LinkRepository,
  properties: {
    id: p.bigint('string').primary(),
    digest: p.string().length(64).unique().hidden(),
    purpose: p.string().length(20).$type<LinkPurpose>(),
    /** Null: the link opens nothing; it was made only because making one takes time. */
    user: () => p.manyToOne(User).deleteRule('cascade').index().nullable(),
    /** The address it was sent to. */
    email: p.string().length(254),
    /** SHA-256, in hex, of the state of the account that must not change until the link is opened. */
    accountState: p.string().length(64).hidden(),
    createdAt: p.datetime().defaultRaw('now()'),
    expiresAt: p.datetime().index(),
  },
});

/** A link sent by mail that works once. Its token is known here only by its SHA-256 digest. */
export class Link extends LinkSchema.class {}
LinkSchema.setClass(Link);

/** A mail as it was taken from the queue. */
type QueuedMail = { readonly id: string; readonly requestedAt: string };

/** What a link opens. */
type Opened = { readonly userId: number; readonly purpose: LinkPurpose; readonly email: string };

const PASSWORD_AND_ADDRESS = 'u.password_hash, u.email';

/** SQL for a digest of the current state of the account `u`. @param of SQL, a list */
const stateOf = (of: string): string => `encode(sha256(convert_to(jsonb_build_array(${of})::text, 'UTF8')), 'hex')`;

/** The same, of the columns that matter to a link of the purpose. */
const stateFor = (purpose: LinkPurpose): string => stateOf(linkPurposes[purpose].diesWithPassword ? PASSWORD_AND_ADDRESS : 'u.email');

/** SQL for a link `l` to the account `u` that still works. Its parameters: the digest, the purpose. */
const isLive = (purpose: LinkPurpose): string =>
  `u.id = l.user_id and l.digest = ? and l.purpose = ? and l.expires_at > now() and u.is_active and l.account_state = ${stateFor(purpose)}`;

/** How many accounts one mail lists at most. */
export const MAX_LISTED = 20;

/** A link to one of the accounts of a mailbox. */
export type IssuedLink = { readonly token: string; readonly username: string; readonly isVerified: boolean };

const OPENED = 'l.user_id as "userId", l.purpose, l.email';

export class LinkRepository extends EntityRepository<Link> {
  /**
   * Makes the link for a mail in one statement: if the account changes meanwhile, either no mail is sent or the link is dead.
   * @returns the token, which exists only here; null if the mail is no longer wanted
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

  /**
   * Makes links for all accounts of a mailbox, verified ones first, then the oldest: accounts with the address of the mail, and unverified
   * ones whose address differs from it only in ASCII case. For a mail that is never sent, it makes one link without a user.
   */
  async issueToAll(purpose: LinkPurpose, { id, requestedAt }: QueuedMail): Promise<IssuedLink[]> {
    const tokens = new Map(Array.from({ length: MAX_LISTED }, () => generateKey()).map((token) => [digestOf(token), token]));
    const rows: { digest: string; username: string | null; isVerified: boolean }[] = await this.em.execute(
      `insert into links (digest, purpose, user_id, email, account_state, expires_at)
       select (string_to_array(?, ','))[coalesce(u.place, 1)], ?, u.id, m.recipient, ${stateFor(purpose)}, now() + make_interval(secs => ?)
         from mails m left join lateral (
           select u.*, row_number() over (order by u.email_verified desc, u.id) as place
             from users u
            where fold_case(u.email) = fold_case(m.recipient) and u.is_active and u.password_hash not like '!%'
              and (u.email = m.recipient or (not u.email_verified and lower(u.email collate "C") = lower(m.recipient collate "C")))
            order by u.email_verified desc, u.id limit ?) u on true
        where m.id = ? and coalesce(m.requested_at, m.rehearsed_at) = ?::timestamptz
        order by u.place
       returning digest, (select username from users where id = user_id) as username,
                 exists (select 1 from users where id = user_id and email_verified) as "isVerified"`,
      [[...tokens.keys()].join(','), purpose, linkPurposes[purpose].lifetime, MAX_LISTED, id, requestedAt],
    );
    return rows.flatMap(({ digest, username, isVerified }) => {
      const token = tokens.get(digest);
      return token === undefined || username === null ? [] : [{ token, username, isVerified }];
    });
  }

  /** What a link opens, without using it up; null for a dead, used or unknown one. */
  async peek(purpose: LinkPurpose, token: string): Promise<Opened | null> {
    const [row] = await this.em.execute<Opened[]>(`select ${OPENED} from links l, users u where ${isLive(purpose)}`, [
      digestOf(token),
      purpose,
    ]);
    return row ?? null;
  }

  /** Uses a link up. The caller's transaction holds a lock on the account, so that only one of several simultaneous tries finds it. */
  async use(purpose: LinkPurpose, token: string): Promise<Opened | null> {
    const [row] = await this.em.execute<Opened[]>(`delete from links l using users u where ${isLive(purpose)} returning ${OPENED}`, [
      digestOf(token),
      purpose,
    ]);
    return row ?? null;
  }

  /** Keeps links alive when the same password is stored by another hash. The caller's transaction holds a lock on the account. */
  async outliveHash(userId: number, passwordHash: string): Promise<void> {
    await this.em.execute(
      `update links l set account_state = ${stateOf('?::text, u.email')}
         from users u where u.id = l.user_id and u.id = ? and l.account_state = ${stateOf(PASSWORD_AND_ADDRESS)}`,
      [passwordHash, userId],
    );
  }

  /** Deletes a user's links, all or those of one purpose. */
  async endAll(userId: number, purpose?: LinkPurpose): Promise<void> {
    await this.em.execute('delete from links where user_id = ? and (?::text is null or purpose = ?)', [
      userId,
      purpose ?? null,
      purpose ?? null,
    ]);
  }

  /** Ends the links that a thief of the password may have asked for, and takes back the queued mail that would bring another. */
  async endWithPassword(userId: number): Promise<void> {
    await this.em.execute(
      `with cancelled as (update mails set requested_at = null where user_id = ? and kind = 'EMAIL_CHANGE')
       delete from links where user_id = ? and purpose in ('email-change', 'password-reset')`,
      [userId, userId],
    );
  }
}

/** Deletes at most `limit` expired links. Returns how many. */
export async function sweepExpiredLinks(em: EntityManager, limit: number): Promise<number> {
  const rows = await em.execute(
    'delete from links where id in (select id from links where expires_at <= now() limit ? for update skip locked) returning 1',
    [limit],
  );
  return rows.length;
}
