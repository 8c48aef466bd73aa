import type { Config } from './config.ts';
import type { MailSettings } from './mail/mail-settings.ts';

/** What a person wants to know after `npm start`. @param url where the server listens */
export function banner({ workers, databaseUrl, dataDir, graphiql, mail }: Config, url: string): string {
  const lines = [
    ['API', `${url}/graphql`],
    ...(workers > 1 ? [['Workers', String(workers)]] : []),
    ['GraphiQL', graphiql ? `${url}/graphql in a browser` : 'off (GRAPHIQL=true switches it on)'],
    ['Database', databaseUrl === undefined ? `embedded, ${dataDir}` : `PostgreSQL at ${new URL(databaseUrl).host}`],
    ['Mail', mail ? whereMailGoes(mail) : 'off (SMTP_URL switches it on)'],
    ['First superuser', 'npm run manage createsuperuser'],
  ];
  return `\n  graphql-token-auth\n\n${lines.map(([name, value]) => `  ${name?.padEnd(17)}${value}`).join('\n')}\n`;
}

const whereMailGoes = ({ smtpUrl, outbox }: MailSettings): string =>
  smtpUrl === null ? `files in ${outbox}` : `SMTP at ${new URL(smtpUrl).host}`;
