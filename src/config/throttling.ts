import { z } from 'zod';
import { trustOf } from '../shared/client.ts';
import { secondsOf } from './values.ts';
import { documentation } from './variable.ts';

/** How many attempts within how many seconds. */
export type Budget = { readonly limit: number; readonly seconds: number };

/** Every budget, by what it counts. */
export type Budgets = {
  /** Failed logins to one account, whether it exists or not, from one address. */
  readonly loginPerAccount: Budget;
  /** The same from all addresses together. Beyond it, only addresses from which the owner signed in lately may try. */
  readonly loginPerAccountEverywhere: Budget;
  /** Failed logins from one address. */
  readonly loginPerAddress: Budget;
  /** Wrong passwords of a signed-in user, in changePassword, createToken, changeEmail and deleteAccount. */
  readonly passwordPerUser: Budget;
  /** Right passwords of a signed-in user, in the same mutations: each costs a hash. */
  readonly confirmedPerUser: Budget;
  /** Attempts to register, successful or not. */
  readonly registerPerAddress: Budget;
  /** Requests for a password reset. */
  readonly resetPerAddress: Budget;
  /** Attempts to use a link that does not work. */
  readonly linkPerAddress: Budget;
  /** Tokens that do not exist, shown to /verify from one address. Each process counts its own. */
  readonly unknownTokens: Budget;
  /** Changes that a staff member makes to accounts. */
  readonly staffActs: Budget;
  /** Reads by a staff member. */
  readonly staffReads: Budget;
  /** Mails to anyone that requests from one address ask for. */
  readonly mailsPerAddress: Budget;
  /** Mails to one mailbox that anyone can ask for, over all accounts and kinds. */
  readonly mailsPerHour: Budget;
  readonly mailsPerDay: Budget;
  /** Those of them for accounts whose unconfirmed address an older account has, too. */
  readonly untrustedMailsPerHour: Budget;
  readonly untrustedMailsPerDay: Budget;
  /** Notices to a mailbox about its own accounts. */
  readonly noticesPerHour: Budget;
  readonly noticesPerDay: Budget;
};

export type BudgetName = keyof Budgets;

/** 10/5m: 10 attempts within 5 minutes. */
const budget = z
  .string()
  .refine((text) => /^[1-9]\d{0,5}\/[1-9]\d{0,3}[smhd]$/.test(text), 'must be a number of attempts and a duration, like 10/5m')
  .transform((text) => {
    const [limit, time = ''] = text.split('/');
    return { limit: Number(limit), seconds: secondsOf(time) };
  });

const trustedProxies = z.string().transform((list, context) => {
  try {
    return trustOf(list);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a number of proxies, or their addresses or CIDR blocks, separated by commas' });
    return z.NEVER;
  }
});

/** The variables about abuse. */
export const throttlingVariables = {
  THROTTLE: z
    .enum(['on', 'off'], 'must be on or off')
    .prefault('on')
    .register(documentation, { what: '`on` or `off`. Use `off` for tests and benchmarks only; production refuses it.' }),
  THROTTLE_LOGIN_ACCOUNT: budget
    .prefault('10/5m')
    .register(documentation, { what: 'Failed logins to one account, whether it exists or not, from one address.' }),
  THROTTLE_LOGIN_EVERYWHERE: budget.prefault('100/1h').register(documentation, {
    what: 'Failed logins to one account from all addresses.',
    more: 'Beyond it, only addresses from which the account signed in during the last 30 days may try.',
  }),
  THROTTLE_LOGIN_ADDRESS: budget.prefault('50/5m').register(documentation, { what: 'Failed logins from one address (IPv6: /64).' }),
  THROTTLE_PASSWORD: budget.prefault('10/5m').register(documentation, {
    what: 'Wrong passwords that a signed-in user gives to `changePassword`, `createToken`, `changeEmail` and `deleteAccount`.',
  }),
  THROTTLE_CONFIRM: budget
    .prefault('60/1h')
    .register(documentation, { what: 'Right passwords that a signed-in user gives to the same mutations.', more: 'Each costs a hash.' }),
  THROTTLE_REGISTER: budget.prefault('20/1h').register(documentation, { what: 'Attempts to register from one address.' }),
  THROTTLE_RESET: budget.prefault('5/1h').register(documentation, { what: 'Requests for a password reset from one address.' }),
  THROTTLE_LINK: budget
    .prefault('20/1h')
    .register(documentation, { what: 'Attempts from one address to use a mailed link that does not work.' }),
  THROTTLE_UNKNOWN_TOKEN: budget.prefault('600/5m').register(documentation, {
    what: 'Tokens that do not exist, from one address (IPv6: /64), that `/verify` answers with 401; the next ones get 429.',
    more: 'Good tokens are always answered. Each process counts its own.',
  }),
  THROTTLE_STAFF: budget.prefault('60/10m').register(documentation, { what: 'Changes that one staff member makes to accounts.' }),
  THROTTLE_STAFF_READ: budget
    .prefault('600/10m')
    .register(documentation, { what: 'Reads of `users`, `user` and `userSecurityEvents` by one staff member.' }),
  THROTTLE_MAIL_ADDRESS: budget
    .prefault('30/1h')
    .register(documentation, { what: 'Mails to anyone that requests from one address ask for.' }),
  THROTTLE_MAIL: budget.prefault('5/1h').register(documentation, {
    what: 'Mails to one mailbox that anyone can ask for, over all accounts and kinds.',
    more: 'Beyond it, the server answers as usual, but drops the mail and logs a line. Notices to that mailbox are counted apart and wait.',
  }),
  THROTTLE_MAIL_DAY: budget.prefault('20/1d').register(documentation, { what: 'The same mails within a longer time.' }),
  TRUST_PROXY: trustedProxies.optional().register(documentation, {
    what: 'The proxies whose `X-Forwarded-For` the server believes: how many there are, or their addresses and CIDR blocks, separated by commas.',
    example: '1',
    otherwise: 'none',
  }),
};

/** `off` is for tests and benchmarks only. */
export const throttlingVariablesInProduction = { THROTTLE: z.literal('on', 'must be on in production').default('on') };

const shape = z.object(throttlingVariables);

/** The budgets; null: THROTTLE is off and nothing is counted. */
export function budgetsOf(data: z.infer<typeof shape>): Budgets | null {
  if (data.THROTTLE === 'off') return null;
  return {
    loginPerAccount: data.THROTTLE_LOGIN_ACCOUNT,
    loginPerAccountEverywhere: data.THROTTLE_LOGIN_EVERYWHERE,
    loginPerAddress: data.THROTTLE_LOGIN_ADDRESS,
    passwordPerUser: data.THROTTLE_PASSWORD,
    confirmedPerUser: data.THROTTLE_CONFIRM,
    registerPerAddress: data.THROTTLE_REGISTER,
    resetPerAddress: data.THROTTLE_RESET,
    linkPerAddress: data.THROTTLE_LINK,
    unknownTokens: data.THROTTLE_UNKNOWN_TOKEN,
    staffActs: data.THROTTLE_STAFF,
    staffReads: data.THROTTLE_STAFF_READ,
    mailsPerAddress: data.THROTTLE_MAIL_ADDRESS,
    mailsPerHour: data.THROTTLE_MAIL,
    mailsPerDay: data.THROTTLE_MAIL_DAY,
    untrustedMailsPerHour: mostOf(data.THROTTLE_MAIL),
    untrustedMailsPerDay: mostOf(data.THROTTLE_MAIL_DAY),
    noticesPerHour: data.THROTTLE_MAIL,
    noticesPerDay: data.THROTTLE_MAIL_DAY,
  };
}

/** Four fifths of a budget, so that one of the default five mails an hour is left for the owner. */
const mostOf = ({ limit, seconds }: Budgets['mailsPerHour']): Budgets['mailsPerHour'] => ({
  limit: Math.max(1, Math.floor(limit * 0.8)),
  seconds,
});
