import { z } from 'zod';
import { flag } from './values.ts';
import { documentation } from './variable.ts';

/** Turns what an operator writes into the form that browsers send: `https://App.example.com:443/` loses its capital, port and slash. */
function originOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const { origin, protocol, host, pathname, search, hash, username, password } = new URL(text);
  if (host === '' || pathname.replace('/', '') !== '' || search || hash || username || password) return null;
  const isOfApp = origin === 'null'; // URL knows no origin for capacitor: and the like
  if (isOfApp && /^(file|blob|data|javascript):$/.test(protocol)) return null;
  const written = isOfApp ? `${protocol}//${host}`.toLowerCase() : origin;
  return !written.includes('*') || /^https?:\/\/\*(\.[a-z\d_-]+){2,}(:\d+)?$/.test(written) ? written : null;
}

/** The origins of web pages, and of apps with a scheme of their own. */
const origins = z
  .string()
  .transform((list) => list.split(',').map((text) => originOf(text.trim())))
  .refine(
    (list): list is string[] => !list.includes(null),
    'must be origins like https://app.example.com, https://*.example.com or capacitor://localhost, separated by commas',
  );

/** The variables about front ends and the tools of their developers. */
export const frontEndVariables = {
  CORS_ORIGINS: origins.default([]).register(documentation, {
    what: 'The origins of front ends on other hosts, separated by commas; `*` stands for one label.',
    more: 'For example `https://app.example.com`, `https://*.example.app` or `capacitor://localhost`. The log names each origin that is refused.',
    example: 'https://app.example.com,https://*.example.app,capacitor://localhost',
    otherwise: 'none; in development also every port of `localhost` and `127.0.0.1`',
  }),
  GRAPHIQL: flag.prefault('true').register(documentation, {
    what: 'Whether browsers that open `/graphql` get GraphiQL.',
    inProduction: 'false',
  }),
  INTROSPECTION: flag.prefault('true').register(documentation, {
    what: 'Whether everyone may read the schema. If not, only staff may.',
    inProduction: 'false',
  }),
};
