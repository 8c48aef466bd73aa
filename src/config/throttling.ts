import { z } from 'zod';
import { trustOf } from '../shared/client.ts';
import type { Budgets } from './budget.ts';
import { secondsOf } from './values.ts';

/** As in 10/5m: so many attempts in so long a time. */
const budget = z
  .string()
  .refine((text) => /^[1-9]\d{0,5}\/[1-9]\d{0,3}[smhd]$/.test(text), 'must be attempts and a duration, like 10/5m')
  .transform((text) => {
    const [limit, time = ''] = text.split('/');
    return { limit: Number(limit), seconds: secondsOf(time) };
  });

/** In seconds. Without an end, a wait would outlast whoever asked. */
const hashWait = z
  .string()
  .regex(/^[1-9]\d?s$/, 'must be from 1s to 99s')
  .transform(secondsOf);

const trustedProxies = z.string().transform((list, context) => {
  try {
    return trustOf(list);
  } catch {
    context.addIssue({ code: 'custom', message: 'must be a number of proxies, or their addresses or CIDR blocks, separated by commas' });
    return z.NEVER;
  }
});

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** The variables about abuse. */
export const throttlingVariables = {
  HASH_QUEUE: z
    .string()
    .regex(/^[1-9]\d{0,3}$/, 'must be a whole number from 1 to 9999')
    .transform(Number)
    .default(50),
  HASH_WAIT: hashWait.default(10),
  THROTTLE: z.enum(['on', 'off'], 'must be on or off').default('on'),
  THROTTLE_LOGIN_ACCOUNT: budget.default({ limit: 10, seconds: 5 * MINUTE }),
  THROTTLE_LOGIN_EVERYWHERE: budget.default({ limit: 100, seconds: HOUR }),
  THROTTLE_LOGIN_ADDRESS: budget.default({ limit: 50, seconds: 5 * MINUTE }),
  THROTTLE_PASSWORD: budget.default({ limit: 10, seconds: 5 * MINUTE }),
  THROTTLE_CONFIRM: budget.default({ limit: 60, seconds: HOUR }),
  THROTTLE_REGISTER: budget.default({ limit: 20, seconds: HOUR }),
  THROTTLE_RESET: budget.default({ limit: 5, seconds: HOUR }),
  THROTTLE_LINK: budget.default({ limit: 20, seconds: HOUR }),
  THROTTLE_STAFF: budget.default({ limit: 60, seconds: 10 * MINUTE }),
  THROTTLE_STAFF_READ: budget.default({ limit: 600, seconds: 10 * MINUTE }),
  THROTTLE_MAIL_ADDRESS: budget.default({ limit: 30, seconds: HOUR }),
  THROTTLE_MAIL: budget.default({ limit: 5, seconds: HOUR }),
  THROTTLE_MAIL_DAY: budget.default({ limit: 20, seconds: 24 * HOUR }),
  TRUST_PROXY: trustedProxies.optional(),
};

/** Off is for tests and benchmarks. */
export const throttlingVariablesInProduction = { THROTTLE: z.literal('on', 'must be on in production').default('on') };

const shape = z.object(throttlingVariables);

/** Null: nothing is counted. */
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

/** Four fifths of a budget: of the default five mails an hour, one is left for the owner. */
const mostOf = ({ limit, seconds }: Budgets['mailsPerHour']): Budgets['mailsPerHour'] => ({
  limit: Math.max(1, Math.floor(limit * 0.8)),
  seconds,
});
