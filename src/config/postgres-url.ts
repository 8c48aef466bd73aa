import { readFileSync } from 'node:fs';
import { checkServerIdentity, createSecureContext } from 'node:tls';
import type { ClientConfig } from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import { OperatorError } from '../shared/operator-error.ts';

/** How to connect, or what is wrong with a URL: the end of a sentence that begins with the name of its variable. */
export type PostgresUrl = { readonly connection: ClientConfig } | { readonly problem: string };

const FORM = 'must be a URL like postgres://user:password@host:5432/database';

/** The parameters that reach the driver. Any other, such as `binary` or a timeout, would change its options. */
const taken = ['host', 'port', 'user', 'password', 'options', 'application_name', 'sslnegotiation'];

const sslParameters = ['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslpassword', 'sslnegotiation', 'sslcompression', 'sslsni'];

/** Reads the URL of a PostgreSQL server and the certificates that it names. Every connection uses this parser. */
export function readPostgresUrl(url: string): PostgresUrl {
  const [place = '', query = ''] = url.split(/\?(.*)/s);
  const parameters = new URLSearchParams(query);
  const problem = problemOf(place, parameters);
  if (problem) return { problem };
  const ssl = readSsl(parameters);
  if ('problem' in ssl) return ssl;
  const connection = parse(place, parameters);
  if (!connection) return { problem: `${FORM}; in the password, characters other than letters and digits are written like %2F` };
  const binding = parameters.get('channel_binding');
  const enableChannelBinding = binding === 'require' || binding === 'prefer';
  return { connection: { ...connection, ...forHost(connection.host ?? '', ssl), enableChannelBinding } };
}

/** The driver compares the certificate of a host given as an IP address with the name localhost. A Unix socket needs no encryption. */
function forHost(host: string, { ssl }: Pick<ClientConfig, 'ssl'>): Pick<ClientConfig, 'ssl'> {
  if (ssl === undefined) return {};
  if (host.startsWith('/')) return { ssl: false };
  if (typeof ssl !== 'object') return { ssl };
  return { ssl: { checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate), ...ssl } };
}

/** The same for a URL that has been read before. @throws OperatorError @param name of the variable or option */
export function connectionOf(url: string, name: string): ClientConfig {
  const read = readPostgresUrl(url);
  if ('problem' in read) throw new OperatorError(`${name} ${read.problem}.`, { code: 'CONFIGURATION_INVALID' });
  return read.connection;
}

/** Host, port and database of a URL, but neither user nor password. */
export function placeOf(url: string): string {
  const { host, port, database } = connectionOf(url, 'The URL');
  return `${host || 'localhost'}${port ? `:${port}` : ''}/${database ?? ''}`;
}

function problemOf(place: string, parameters: URLSearchParams): string | null {
  const [, hosts] = /^postgres(?:ql)?:\/\/(?:.*@)?([^/]*)/i.exec(place) ?? [];
  if (hosts === undefined) return FORM;
  if (`${hosts}${parameters.get('host') ?? ''}${parameters.get('port') ?? ''}`.includes(','))
    return `${FORM} with a single host, such as the address of a proxy in front of the primary`;
  const refused = ['service', 'servicefile', 'passfile', 'hostaddr'].find((name) => parameters.has(name));
  if (refused) return `has ${refused}, which this server does not read: put host, user, password and database into the URL`;
  const unknown = [...parameters.keys()].find((name) => /^ssl|^uselibpq/i.test(name) && !sslParameters.includes(name));
  if (unknown) return `has ${unknown}, which this server does not know: use sslmode, sslrootcert, sslcert, sslkey or sslpassword`;
  const schema = parameters.get('schema') ?? 'public';
  if (schema !== 'public') return `has schema=${schema}: use options=-c%20search_path%3D${encodeURIComponent(schema)} instead`;
  return null;
}

function parse(place: string, parameters: URLSearchParams): ClientConfig | null {
  const kept = new URLSearchParams([...parameters].filter(([name]) => taken.includes(name)));
  const database = parameters.get('dbname');
  try {
    const read = parseIntoClientConfig(`${place}?${kept}`);
    return database === null ? read : { ...read, database };
  } catch {
    return null; // its message quotes the URL
  }
}

const modes: Record<string, ClientConfig['ssl']> = {
  disable: false,
  'no-verify': { rejectUnauthorized: false },
  require: {},
  'verify-ca': { checkServerIdentity: () => undefined },
  'verify-full': {},
};

/** Values of `ssl`, as other drivers write it. */
const synonyms: Record<string, string> = { true: 'require', '1': 'require', false: 'disable', '0': 'disable' };

/** Encryption includes verification unless the URL says no-verify. */
function readSsl(parameters: URLSearchParams): Pick<ClientConfig, 'ssl'> | { problem: string } {
  const ssl = parameters.get('ssl');
  const hasFiles = ['sslrootcert', 'sslcert', 'sslkey'].some((name) => parameters.has(name));
  const mode = parameters.get('sslmode') ?? (ssl === null ? null : (synonyms[ssl] ?? ssl)) ?? (hasFiles ? 'verify-full' : null);
  if (mode === null) return {};
  if (!Object.hasOwn(modes, mode)) return { problem: `must have an sslmode that is one of ${Object.keys(modes).join(', ')}` };
  const chosen = modes[mode];
  if (typeof chosen !== 'object') return { ssl: chosen };
  const files = readFiles(parameters);
  return 'problem' in files ? files : { ssl: { ...chosen, ...files } };
}

const fileOptions = { sslrootcert: 'ca', sslcert: 'cert', sslkey: 'key' } as const;

type Files = { ca?: string; cert?: string; key?: string; passphrase?: string };

function readFiles(parameters: URLSearchParams): Files | { problem: string } {
  const files: Files = {};
  for (const [name, option] of Object.entries(fileOptions)) {
    const file = parameters.get(name);
    if (file === null || file === 'system') continue; // the authorities that Node knows
    try {
      files[option] = readFileSync(file, 'utf8');
    } catch {
      return { problem: `names ${file} as ${name}, but that file cannot be read` };
    }
    if (!files[option].includes('-----BEGIN ')) return { problem: `names ${file} as ${name}, but that is not a PEM file` };
  }
  const passphrase = parameters.get('sslpassword');
  return usable(passphrase === null ? files : { ...files, passphrase });
}

function usable(files: Files): Files | { problem: string } {
  try {
    createSecureContext(files);
    return files;
  } catch {
    return {
      problem:
        'names certificates or a key that cannot be used: sslcert and sslkey must belong together, and sslpassword must open the key',
    };
  }
}
