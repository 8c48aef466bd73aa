import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal';
import { generate } from '@graphql-codegen/cli';
import type { ResultOf } from 'gql.tada';
import { buildSchema, introspectionFromSchema } from 'graphql';
import { afterAll, describe, expect, expectTypeOf, it } from 'vitest';
import { extractSnippets } from '../support/readme-snippets.ts';
import type { TOKENS } from './operations.ts';

const SCHEMA = resolve('schema.graphql');
const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

/** Runs a program of a package. Rejects with what it printed when it fails. */
function run(program: string, args: readonly string[], cwd: string): Promise<{ stdout: string }> {
  const launched = promisify(execFile)(process.execPath, [resolve('node_modules', program), ...args], { cwd, timeout: 50_000 });
  return launched.catch(({ stdout, stderr }) => Promise.reject(new Error(`${program} failed:\n${stdout}${stderr}`)));
}

const relayOperations = `
import { graphql } from 'relay-runtime';
export const login = graphql\`
  mutation appLoginMutation($input: LoginInput!) {
    login(input: $input) { token status { code } errors { field code message } user { ...app_user } }
  }
\`;
export const user = graphql\`fragment app_user on User { id username dateJoined lastLogin }\`;
export const events = graphql\`
  fragment app_events on Query
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" })
  @refetchable(queryName: "appEventsQuery") {
    securityEvents(first: $count, after: $cursor) @connection(key: "app_securityEvents") { edges { node { id kind } } }
  }
\`;
export const revoked = graphql\`subscription appRevokedSubscription { tokenRevoked { reason tokenId } }\`;
`;

/** What an app does with the types of graphql-codegen; the unexpected must not compile. */
const codegenUse = `
import { client } from './apollo.ts';
import { LoginDocument, RegisterDocument, TokensDocument } from './gql/graphql';

const { data } = await client.mutate({ mutation: RegisterDocument, variables: { input: { username: 'ann', password: 'x' } } });
export const taken: boolean | undefined = data?.register.errors.some(({ field, code }) => field === 'username' && code === 'UNIQUE');
// @ts-expect-error there is no such code
export const typo = data?.register.errors.some(({ code }) => code === 'TAKEN');
// @ts-expect-error a login needs a password
await client.mutate({ mutation: LoginDocument, variables: { input: { username: 'ann' } } });
const { data: list } = await client.query({ query: TokensDocument });
export const used: string | null | undefined = list?.tokens?.[0]?.lastUsedAt;
// @ts-expect-error a moment is a string
export const notNumber: number | null | undefined = list?.tokens?.[0]?.lastUsedAt;
`;

/** What the README says to tell each generator, or DateTime would be anything at all. */
const codegenConfig = { scalars: { DateTime: 'string' } };
const relayConfig = { customScalarTypes: { DateTime: 'string' } };

const tsconfig = {
  compilerOptions: {
    ...{ target: 'es2024', lib: ['es2024', 'dom'], module: 'esnext', moduleResolution: 'bundler' },
    ...{ strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, types: [] },
  },
};

it.each([
  "graphql-codegen: `config: { scalars: { DateTime: 'string' } }`",
  'Relay: `"customScalarTypes": { "DateTime": "string" }`',
  'gql.tada: `initGraphQLTada<{ introspection: introspection; scalars: { DateTime: string } }>()`',
])('the README says how DateTime becomes a string: %s', (how) => {
  expect(readFileSync('README.md', 'utf8')).toContain(how);
});

describe('from schema.graphql', { timeout: 60_000 }, () => {
  it('Relay’s compiler makes its artifacts, pages of securityEvents included', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'relay-'));
    folders.push(folder);
    for (const name of ['src', 'artifacts']) await mkdir(join(folder, name));
    const config = { src: 'src', schema: SCHEMA, language: 'typescript', artifactDirectory: 'artifacts', ...relayConfig };
    await writeFile(join(folder, 'relay.config.json'), JSON.stringify(config));
    await writeFile(join(folder, 'src/app.ts'), relayOperations);
    await run('relay-compiler/cli.js', [], folder);
    expect((await readdir(join(folder, 'artifacts'))).sort()).toEqual(
      ['appEventsQuery', 'appLoginMutation', 'appRevokedSubscription', 'app_events', 'app_user'].map((name) => `${name}.graphql.ts`),
    );
    const user = await readFile(join(folder, 'artifacts/app_user.graphql.ts'), 'utf8');
    expect(user).toContain('readonly dateJoined: string;');
    expect(user).toContain('readonly lastLogin: string | null | undefined;');
  });

  // Its command line cannot run on TypeScript 7; this is what that calls. `npx vitest -u` brings the file up to date.
  it('gql.tada makes the types that the tests of the clients are checked by', async () => {
    const introspection = introspectionFromSchema(buildSchema(readFileSync(SCHEMA, 'utf8')), { descriptions: false });
    const types = outputIntrospectionFile(minifyIntrospection(introspection), { fileType: '.d.ts', shouldPreprocess: true });
    await expect(types).toMatchFileSnapshot('graphql-env.d.ts');
    expectTypeOf<NonNullable<ResultOf<typeof TOKENS>['tokens']>[number]['lastUsedAt']>().toEqualTypeOf<string | null>();
  });

  it('graphql-codegen makes operations that type-check, and so does the code in the README', async () => {
    const { folder } = await extractSnippets();
    folders.push(folder);
    const documents = resolve('test/e2e/operations.ts');
    const output = { preset: 'client', config: { useTypeImports: true, ...codegenConfig } } as const;
    await generate({ schema: SCHEMA, documents, generates: { [join(folder, 'gql/')]: output }, silent: true });
    await writeFile(join(folder, 'use.ts'), codegenUse);
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    await run('typescript/bin/tsc', [], folder);
  });
});
