import type { Config } from '../config/config.ts';
import type { MailSettings } from '../config/mail.ts';

/** What a person wants to know after `npm start`. @param url where the server listens */
export function banner(config: Config, url: string): string {
  const { api, workers, graphiql, database, mail } = facts(config, url);
  const lines = [
    ['API', api],
    ...(workers > 1 ? [['Workers', String(workers)]] : []),
    ['GraphiQL', graphiql ? `${api} in a browser` : 'off (GRAPHIQL=true switches it on)'],
    ['Database', database],
    ['Mail', mail],
    ['First superuser', 'npm run manage createsuperuser'],
  ];
  return `\n  graphql-token-auth\n\n${lines.map(([name, value]) => `  ${name?.padEnd(17)}${value}`).join('\n')}\n`;
}

/** The same for a log that programs read. */
export const facts = ({ workers, databaseUrl, dataDir, graphiql, mail }: Config, url: string) => ({
  api: `${url}/graphql`,
  workers,
  graphiql,
  database: databaseUrl === undefined ? `embedded, ${dataDir}` : `PostgreSQL at ${new URL(databaseUrl).host}`,
  mail: mail ? whereMailGoes(mail) : 'off (SMTP_URL switches it on)',
});

const whereMailGoes = ({ smtpUrl, outbox }: MailSettings): string =>
  smtpUrl === null ? `files in ${outbox}` : `SMTP at ${new URL(smtpUrl).host}`;
