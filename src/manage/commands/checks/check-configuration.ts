import { type Config, loadConfig } from '../../../config/config.ts';
import { describeStranger, strangersIn } from '../../../config/environment.ts';
import type { Environment } from '../../../config/variable.ts';
import { trustNobody } from '../../../shared/client.ts';
import { OperatorError } from '../../../shared/operator-error.ts';
import type { Finding } from './finding.ts';

const area = 'configuration';
const advice = 'Mend it where the server is started, or in .env; docs/configuration.md lists what each variable may be.';

/** The configuration, or every mistake in it, and variables that are likely to be misspelled. */
export function checkConfiguration(env: Environment): { config: Config | null; findings: Finding[] } {
  const strangers = strangersIn(env).map((stranger) => warning(describeStranger(stranger), 'Rename or remove it: nothing reads it.'));
  try {
    const config = loadConfig(env);
    return { config, findings: [valid(config), ...strangers, ...warnings.flatMap((warn) => warn(config) || [])] };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    const mistakes = error.details.map((message): Finding => ({ area, status: 'error', message, advice }));
    return { config: null, findings: [...mistakes, ...strangers] };
  }
}

const valid = ({ production }: Config): Finding => ({
  area,
  status: 'ok',
  message: `Valid, ${production ? 'for production' : 'for development (NODE_ENV=production is stricter)'}.`,
});

const warning = (message: string, advice: string): Finding => ({ area, status: 'warning', message, advice });

const isLoopback = (host: string): boolean => /^(localhost|127\..+|::1|\[::1\])$/.test(host);

/** What is allowed, and yet is seldom meant. What production refuses is an error there, not a warning. */
const warnings: ((config: Config) => Finding | false)[] = [
  ({ production, host }) =>
    !production &&
    !isLoopback(host) &&
    warning(`The server listens on ${host} with the settings of development.`, 'Set NODE_ENV=production, or HOST=127.0.0.1.'),
  ({ budgets }) =>
    budgets === null && warning('THROTTLE=off lets passwords be guessed without a limit.', 'Remove THROTTLE=off; it is for tests.'),
  ({ bcryptCost }) =>
    bcryptCost < 10 &&
    warning(`BCRYPT_COST=${bcryptCost} makes stolen hashes cheap to crack.`, 'Set it to 10 at least; 12 is the default.'),
  ({ passwordPolicy: { minLength } }) =>
    minLength < 8 && warning(`PASSWORD_MIN_LENGTH=${minLength} allows short passwords.`, 'Set it to 8 at least.'),
  ({ tokenPolicy: { ttl, maxAge } }) =>
    ttl === null &&
    maxAge === null &&
    warning('Tokens never end: a stolen key works until its owner notices.', 'Set TOKEN_TTL or TOKEN_MAX_AGE.'),
  ({ production, databaseUrl }) =>
    production &&
    databaseUrl === undefined &&
    warning('The embedded database serves one process on one machine.', 'Set DATABASE_URL to a PostgreSQL server.'),
  ({ production, trustHop }) =>
    production &&
    trustHop === trustNobody &&
    warning(
      'TRUST_PROXY is not set: behind a proxy, all clients share its address and its budgets of attempts.',
      'Set it to the number of proxies, or to their addresses; leave it when people connect directly.',
    ),
  ({ production, corsOrigins }) => {
    const plain = corsOrigins.filter((origin) => origin.startsWith('http:') && !isLoopback(new URL(origin).hostname));
    return production && plain.length > 0 && warning(`CORS_ORIGINS has ${plain.join(', ')} without TLS.`, 'Serve the front end by https.');
  },
  ({ production, graphiql, introspection }) =>
    production &&
    (graphiql || introspection) &&
    warning('GRAPHIQL or INTROSPECTION shows the schema to every client.', 'Remove GRAPHIQL=true and INTROSPECTION=true.'),
];
