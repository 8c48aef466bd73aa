import { z } from 'zod';
import { accountVariables } from './accounts.ts';
import { commandVariables } from './commands.ts';
import { databaseVariables } from './database.ts';
import { frontEndVariables } from './front-ends.ts';
import { mailVariables, mailVariablesInProduction, mailVariablesWithPages } from './mail.ts';
import { observabilityVariables } from './observability.ts';
import { pageVariables } from './pages.ts';
import { oneWorker, serverVariables } from './server.ts';
import { throttlingVariables, throttlingVariablesInProduction } from './throttling.ts';
import { tokenVariables } from './tokens.ts';
import { documentation, type Environment, type Group } from './variable.ts';
import { webhookVariables, webhookVariablesInProduction, webhookVariablesWithUrl } from './webhooks.ts';

/** Every variable, in the order in which people read about them. */
export const groups: readonly Group[] = [
  { title: 'Server', variables: serverVariables },
  { title: 'Database', variables: databaseVariables },
  { title: 'Accounts and passwords', variables: accountVariables },
  {
    title: 'Throttling',
    intro: 'A budget like `10/5m` allows 10 attempts within 5 minutes. Beyond it, the server answers `429 TOO MANY REQUESTS`.',
    variables: throttlingVariables,
  },
  { title: 'Tokens', variables: tokenVariables },
  { title: 'Front ends', variables: frontEndVariables },
  { title: 'Pages', variables: pageVariables },
  {
    title: 'Mail',
    intro:
      'In production, a server with `SMTP_URL` starts only if `EMAIL_FROM`, `PASSWORD_RESET_URL` and `EMAIL_VERIFICATION_URL` are set; `PAGES=true` with `PUBLIC_URL` stands for the two URLs. Without `SMTP_URL` it starts, and mutations that would have to send a mail answer `501 NOT IMPLEMENTED`.',
    variables: mailVariables,
  },
  { title: 'Webhooks', variables: webhookVariables },
  { title: 'Observability', variables: observabilityVariables },
  { title: 'Commands', intro: 'Only `npm run manage` reads these.', variables: commandVariables },
];

const settings = z.object({
  ...serverVariables,
  ...databaseVariables,
  ...accountVariables,
  ...throttlingVariables,
  ...tokenVariables,
  ...frontEndVariables,
  ...pageVariables,
  ...mailVariables,
  ...webhookVariables,
  ...observabilityVariables,
});

/** Every variable that a server reads. */
export const variableNames = Object.keys(settings.shape);

/** The defaults that differ in production, by name. */
export const productionDefaults: Environment = Object.fromEntries(
  Object.entries(settings.shape).flatMap(([name, schema]) => {
    const { inProduction } = documentation.get(schema) ?? {};
    return inProduction === undefined ? [] : [[name, inProduction]];
  }),
);

// Separate schemas: zod skips a check across variables while any single variable is invalid.
const productionSettings = settings.extend({
  ...throttlingVariablesInProduction,
  ...webhookVariablesInProduction,
  BCRYPT_COST: settings.shape.BCRYPT_COST.refine((cost) => cost >= 10, 'must be at least 10 in production'),
});

const withoutServer = z.undefined({ error: 'needs DATABASE_URL to be set' }).optional();

const forEmbedded = { WORKERS: oneWorker.prefault('1'), DATABASE_DIRECT_URL: withoutServer, DATABASE_READ_URLS: withoutServer };

/** The schema for an environment: it depends on the stage, the database and whether mail is sent. @param env with the contents of secret files */
export function schemaFor(env: Environment) {
  const stage = schemaForStage(env);
  const schema = env.WEBHOOK_URL === undefined ? stage : stage.extend(webhookVariablesWithUrl);
  const isEmbedded = env.DATABASE_URL === undefined && env.DATABASE_URL_FILE === undefined;
  return isEmbedded ? schema.extend(forEmbedded) : schema;
}

function schemaForStage({ NODE_ENV, SMTP_URL, PAGES, PUBLIC_URL }: Environment) {
  if (NODE_ENV !== 'production') return settings;
  if (SMTP_URL === undefined) return productionSettings;
  const hasPages = PUBLIC_URL !== undefined && settings.shape.PAGES.safeParse(PAGES).data === true;
  return productionSettings.extend(hasPages ? mailVariablesWithPages : mailVariablesInProduction);
}
