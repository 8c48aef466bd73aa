import { execFile } from 'node:child_process';
import { chmod, chown, copyFile, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/config.ts';
import { openDatabase } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { withDjango } from '../../src/django/django-database.ts';
import { features } from '../../src/features.ts';
import { runSql } from '../faults/site.ts';
import { runManage } from '../support/app/manage.ts';
import { failToStart } from '../support/app/server-process.ts';
import { type BreakablePostgres, startPostgres } from '../support/database/postgres-server.ts';
import { until } from '../support/until.ts';

/** A server with TLS, a certificate of an authority of its own for "localhost", and a unix socket. */
let postgres: BreakablePostgres;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'urls-'));
  await chmod(folder, 0o777); // the server has a user of its own
  postgres = await startPostgres([`unix_socket_directories=${folder}`]);
  await makeCertificates();
  await runSql(postgres.url, 'alter system set ssl = on');
  await runSql(postgres.url, 'select pg_reload_conf()');
  const tls = `${postgres.url.replace('127.0.0.1', 'localhost')}?sslmode=no-verify`;
  await until(() =>
    runSql(tls, 'select 1').then(
      () => true,
      () => false,
    ),
  );
  await runSql(postgres.url, 'create database apart');
  await runSql(postgres.url.replace(/postgres$/, 'apart'), 'create schema elsewhere');
}, 180_000);
afterAll(async () => {
  await postgres.stop();
  await rm(folder, { recursive: true });
});

async function makeCertificates(): Promise<void> {
  const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { cwd: folder });
  for (const name of ['server', 'other']) {
    const files = ['-keyout', `${name}.key`, '-out', `${name}.crt`];
    await openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      ...files,
      '-addext',
      'subjectAltName=DNS:localhost',
    );
  }
  await writeFile(join(folder, 'not-pem.crt'), 'this is no certificate');
  const { uid, gid } = await stat(join(postgres.folder, 'PG_VERSION'));
  for (const file of ['server.key', 'server.crt']) {
    await copyFile(join(folder, file), join(postgres.folder, file));
    await chown(join(postgres.folder, file), uid, gid);
    await chmod(join(postgres.folder, file), 0o600);
  }
}

/** A form with the places filled in. */
const filled = (form: string): string =>
  form
    .replaceAll('HOST', `postgres:password@localhost:${postgres.port}`)
    .replaceAll('PORT', String(postgres.port))
    .replaceAll('SOCKET', folder)
    .replaceAll('ENCODED', encodeURIComponent(folder))
    .replaceAll('CERTIFICATE', join(folder, 'server.crt'))
    .replaceAll('OTHER', join(folder, 'other.crt'))
    .replaceAll('NOT_PEM', join(folder, 'not-pem.crt'));

const forms = [
  'postgres://HOST/postgres',
  'postgresql://HOST/postgres?sslmode=disable',
  'postgres://HOST/postgres?sslmode=no-verify',
  'postgres://HOST/postgres?ssl=no-verify',
  'postgres://HOST/postgres?ssl=false',
  'postgres://HOST/postgres?sslmode=require&channel_binding=require&sslrootcert=CERTIFICATE',
  'postgres://HOST/postgres?sslmode=verify-ca&sslrootcert=CERTIFICATE',
  'postgres://HOST/postgres?sslmode=verify-full&sslrootcert=CERTIFICATE',
  'postgres://HOST/postgres?sslrootcert=CERTIFICATE',
  'postgres://HOST/postgres?schema=public&connection_limit=5&pgbouncer=true',
  'postgres://HOST/postgres?keepalives=1&keepalives_idle=30&tcp_user_timeout=10000',
  'postgres://HOST/postgres?connect_timeout=10&application_name=shop&target_session_attrs=read-write',
  'postgres://HOST/postgres?binary=true&max=1&statement_timeout=1&query_timeout=1',
  'postgres://HOST/apart?options=-c%20search_path%3Delsewhere',
  'postgres://HOST/?dbname=postgres',
  'postgres://postgres:password@/postgres?host=SOCKET&port=PORT',
  'postgres:///postgres?host=SOCKET&port=PORT&user=postgres&password=password',
  'postgres://postgres:password@localhost/postgres?host=SOCKET&port=PORT',
  'postgres://postgres:password@ENCODED:PORT/postgres',
  'postgres://postgres:password@ENCODED/postgres?port=PORT',
];

describe.each(forms)('%s', (form) => {
  it('is read alike for statements, migrations, LISTEN, Django and check', async () => {
    const url = filled(form);
    expect(loadConfig({ DATABASE_URL: url }).databaseUrl).toBe(url);
    const database = await openDatabase({ features, databaseUrl: url, databasePoolMax: 2, dataDir: '' });
    const heard: string[] = [];
    const stop = await database.listen('news', { onMessage: (payload) => heard.push(payload), onListening: () => {} });
    await migrate(database.orm);
    await database.orm.em.fork().execute("select pg_notify('news', ?)", ['hello']);
    await until(() => heard.includes('hello'));
    await stop();
    await database.close();
    const rows = await withDjango(url, 'begin', (django) => django.rows('select current_user as name'));
    expect(rows).toEqual([{ name: 'postgres' }]);
    const { code, stdout } = await runManage(['check'], { env: { DATABASE_URL: url } });
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringMatching(/LISTEN works/) });
  });
});

const refused: [form: string, hint: string][] = [
  ['mysql://HOST/postgres', 'postgres://user:password@host:5432/database'],
  ['jdbc:postgresql://HOST/postgres', 'postgres://user:password@host:5432/database'],
  ['postgres://HOST,other:5432/postgres', 'a single host'],
  ['postgres:///postgres?host=one,two', 'a single host'],
  ['postgres://HOST/postgres?schema=shop', 'options=-c%20search_path%3Dshop'],
  ['postgres://HOST/postgres?sslmode=prefer', 'one of disable, no-verify, require, verify-ca, verify-full'],
  ['postgres://HOST/postgres?sslmode=Verify-Full', 'one of disable, no-verify, require, verify-ca, verify-full'],
  ['postgres://HOST/postgres?ssl_mode=verify-full', 'use sslmode'],
  [
    'postgres://HOST/postgres?sslmode=verify-full&sslrootcert=/missing/ca.pem',
    'names /missing/ca.pem as sslrootcert, but that file cannot be read',
  ],
  ['postgres://HOST/postgres?sslcert=/missing/me.pem&sslkey=/missing/me.key', 'names /missing/me.pem as sslcert'],
  ['postgres://HOST/postgres?sslmode=verify-full&sslrootcert=NOT_PEM', 'is not a PEM file'],
  ['postgres://HOST/postgres?service=shop', 'put host, user, password and database into the URL'],
  ['postgres://user:pass/word@host:5432/postgres', 'are written like %2F'],
];

describe.each(refused)('%s', (form, hint) => {
  it('is refused with one sentence that says what to write, and keeps the password to itself', async () => {
    const url = filled(form);
    for (const name of ['DATABASE_URL', 'DATABASE_DIRECT_URL', 'DATABASE_READ_URLS']) {
      const load = () =>
        loadConfig({ DATABASE_URL: postgres.url, [name]: name === 'DATABASE_READ_URLS' ? url.replaceAll(',', '%2C') : url });
      if (name !== 'DATABASE_READ_URLS' || !url.includes(',')) expect(load).toThrow(hint);
    }
    await expect(withDjango(url, 'begin', async () => {})).rejects.toThrow(hint);
    const { code, stdout } = await runManage(['check'], { env: { DATABASE_URL: url } });
    expect(code).toBe(1);
    expect(stdout).toContain(hint);
    expect(stdout).not.toMatch(/password@localhost|pass\/word/);
  });
});

describe('a certificate that does not convince', () => {
  const distrusted = ['postgres://HOST/postgres?sslmode=require', 'postgres://HOST/postgres?sslmode=verify-full&sslrootcert=OTHER'];

  it.each(distrusted)('ends the start by %s with one sentence, and no stack', async (form) => {
    const { code, stderr } = await failToStart({ DATABASE_URL: filled(form), DATABASE_WAIT: '0' });
    expect(code).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/sslrootcert=<file>, or write sslmode=no-verify/);
  });

  it('ends commands and the Django side likewise', async () => {
    const url = filled(distrusted[1] ?? '');
    const { code, stdout } = await runManage(['check'], { env: { DATABASE_URL: url } });
    expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining('sslrootcert=<file>') });
    await expect(withDjango(url, 'begin', async () => {})).rejects.toThrow('sslrootcert=<file>');
  });

  it('is checked against the name of the host, but for verify-ca', async () => {
    const at = (mode: string) => `${postgres.url}?sslmode=${mode}&sslrootcert=${join(folder, 'server.crt')}`;
    await expect(withDjango(at('verify-ca'), 'begin', async () => 'there')).resolves.toBe('there');
    await expect(withDjango(at('verify-full'), 'begin', async () => {})).rejects.toThrow(/does not match certificate/);
  });
});

describe('a socket that is not there', () => {
  it('is one sentence', async () => {
    const { code, stderr } = await failToStart({ DATABASE_URL: 'postgres://postgres@/postgres?host=/nowhere', DATABASE_WAIT: '0' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^The database cannot be used: connect ENOENT .*\n$/);
  });
});
