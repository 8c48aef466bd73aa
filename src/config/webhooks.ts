import { z } from 'zod';
import { flag } from './values.ts';
import { documentation } from './variable.ts';

/** Where events are sent, and how they are signed. */
export type WebhookSettings = {
  readonly url: string;
  /** As Standard Webhooks has it: `whsec_` and the base64 of 24 to 64 bytes. */
  readonly secret: string;
  /** The names of the events to send; null: all. */
  readonly events: readonly string[] | null;
  /** Whether addresses that the Internet cannot reach are sent to, too. */
  readonly allowPrivate: boolean;
};

const isWebUrl = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

const isSecret = (text: string): boolean => {
  const [, encoded = ''] = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text) ?? [];
  const { length } = Buffer.from(encoded, 'base64');
  return length >= 24 && length <= 64;
};

const secret = z
  .string({ error: 'must be set together with WEBHOOK_URL' })
  .refine(isSecret, 'must be whsec_ and the base64 of 24 to 64 bytes');

/** What holds once WEBHOOK_URL is set. */
export const webhookVariablesWithUrl = { WEBHOOK_SECRET: secret };

/** The variables about webhooks. */
export const webhookVariables = {
  WEBHOOK_URL: z.string().refine(isWebUrl, 'must be a URL like https://example.com/hooks').optional().register(documentation, {
    what: 'Where the server sends what happens to users and tokens, by POST. See [webhooks.md](webhooks.md).',
    more: 'Production takes `https` only.',
    example: 'https://example.com/hooks',
    otherwise: 'none',
  }),
  WEBHOOK_SECRET: secret.optional().register(documentation, {
    what: 'The secret that signs them: `echo "whsec_$(openssl rand -base64 32)"` makes one. Needed with `WEBHOOK_URL`.',
    example: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYo=',
    otherwise: 'none',
  }),
  WEBHOOK_EVENTS: z
    .string()
    .regex(/^[a-z_.]+(,\s*[a-z_.]+)*$/, 'must be names of events, separated by commas')
    .optional()
    .register(documentation, {
      what: 'The events to send, separated by commas; see [events.md](events.md#the-events).',
      example: 'user.created,user.deleted',
      otherwise: 'all',
    }),
  WEBHOOK_ALLOW_PRIVATE: flag.prefault('false').register(documentation, {
    what: 'Whether `WEBHOOK_URL` may lead to an address of this machine or of a private network.',
  }),
};

/** What production asks for. */
export const webhookVariablesInProduction = {
  WEBHOOK_URL: webhookVariables.WEBHOOK_URL.refine(
    (url) => url === undefined || url.startsWith('https:'),
    'must begin with https: in production',
  ),
};

const shape = z.object(webhookVariables);

/** Null: nothing is sent. */
export const webhookSettings = ({
  WEBHOOK_URL,
  WEBHOOK_SECRET,
  WEBHOOK_EVENTS,
  WEBHOOK_ALLOW_PRIVATE,
}: z.infer<typeof shape>): WebhookSettings | null =>
  WEBHOOK_URL === undefined || WEBHOOK_SECRET === undefined
    ? null
    : {
        url: WEBHOOK_URL,
        secret: WEBHOOK_SECRET,
        events: WEBHOOK_EVENTS?.split(',').map((name) => name.trim()) ?? null,
        allowPrivate: WEBHOOK_ALLOW_PRIVATE,
      };
