import type { BudgetName } from '../../config/throttling.ts';
import type { Deps } from '../../graphql/context.ts';
import type { Throttled } from '../../services/throttling/outcome.ts';
import { isKnownPlace } from '../../services/throttling/sign-in-places.ts';
import type { Attempt } from '../../services/throttling/throttle.ts';
import { addressBlock } from '../../shared/client.ts';
import { Mail } from '../mail/mail.ts';
import { SecurityEvent } from '../security-events/security-event.ts';
import { addressTyped } from '../users/email.ts';
import { User } from '../users/user.ts';
import { attemptKey, spellingsOf } from '../users/username.ts';

type Needs = Pick<Deps, 'em' | 'throttle' | 'background' | 'client' | 'mail'>;

/**
 * Does `work` within the budgets of failed logins: of the address, of the account from there, and of the account from everywhere. The last
 * budget bounds what strangers can guess. Once it is used up, the others still admit clients from where the owner has signed in, so that
 * strangers cannot lock the owner out.
 * Budgets go by what was typed, so that they tell no stranger which address belongs to which username.
 * @param typed the username or address as it was typed
 */
export async function withinLoginBudgets<Result extends object>(deps: Needs, typed: string, work: () => Promise<Result | null>) {
  const { em, throttle, client } = deps;
  const block = addressBlock(client.ipAddress);
  const name = attemptKey(typed);
  const fromHere: Attempt[] = [
    { budget: 'loginPerAddress', of: block },
    { budget: 'loginPerAccount', of: `${name}\n${block}`, account: name },
  ];
  const fromEverywhere: Attempt = { budget: 'loginPerAccountEverywhere', of: name, account: name };
  const judgement = { onUsedUp: (budgets: readonly BudgetName[]) => noteLock(deps, typed, budgets) };
  const outcome: Result | Throttled | null = await throttle.attempt([...fromHere, fromEverywhere], work, judgement);
  const isLocked = outcome !== null && 'budget' in outcome && outcome.budget === fromEverywhere.budget;
  return isLocked && (await isKnownPlace(em, { usernames: spellingsOf(typed), email: addressTyped(typed) }, block))
    ? throttle.attempt(fromHere, work, judgement)
    : outcome;
}

/**
 * Records a lock, of an account or of all accounts for one address, with the address of the failure that caused it. The owner of an account
 * that is locked to all strangers gets a mail.
 */
function noteLock({ em, background, client, mail }: Needs, typed: string, budgets: readonly BudgetName[]): void {
  const isOfAccount = budgets.some((budget) => budget !== 'loginPerAddress');
  background.run(async () => {
    const fork = em.fork();
    const user = isOfAccount ? await fork.getRepository(User).findByUsername(typed) : null;
    await fork.transactional(async (transaction) => {
      await transaction.getRepository(SecurityEvent).recordAlone('THROTTLED', { userId: user?.id ?? null, client });
      const isMailed = user?.isActive && budgets.includes('loginPerAccountEverywhere');
      if (isMailed && mail) await transaction.getRepository(Mail).enqueue({ user, kind: 'ACCOUNT_LOCKED', recipient: user.email });
    });
    mail?.nudge();
  });
}
