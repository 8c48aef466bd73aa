import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal';
import { type CodegenConfig, generate } from '@graphql-codegen/cli';
import { buildSchema, introspectionFromSchema } from 'graphql';
import { afterAll, describe, expect, it } from 'vitest';
import { extractSnippets, markedBlocks } from '../support/documents/snippets.ts';

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
export const user = graphql\`fragment app_user on User { id username }\`;
export const events = graphql\`
  fragment app_events on Query
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" })
  @refetchable(queryName: "appEventsQuery") {
    securityEvents(first: $count, after: $cursor) @connection(key: "app_securityEvents") { edges { node { id kind happenedAt } } }
  }
\`;
export const revoked = graphql\`subscription appRevokedSubscription { tokenRevoked { reason tokenId } }\`;
`;

/** What an app does with the types of graphql-codegen; the unexpected must not compile. */
const codegenUse = `
import { client } from './apollo.ts';
import type { ResultOf } from 'gql.tada';
import { LoginDocument, RegisterDocument, type TokensQuery } from './gql/graphql';
import { graphql } from './tada.ts';

const { data } = await client.mutate({ mutation: RegisterDocument, variables: { input: { username: 'ann', password: 'x' } } });
export const taken: boolean | undefined = data?.register.errors.some(({ field, code }) => field === 'username' && code === 'UNIQUE');
const tada = graphql('query { tokens { createdAt } }');
type Tada = NonNullable<ResultOf<typeof tada>['tokens']>[number];
type Codegen = NonNullable<TokensQuery['tokens']>[number];
export const days = (one: Tada, other: Codegen) => [one.createdAt.slice(0, 10), other.lastUsedAt?.slice(0, 10)];
// @ts-expect-error there is no such code
export const typo = data?.register.errors.some(({ code }) => code === 'TAKEN');
// @ts-expect-error a login needs a password
await client.mutate({ mutation: LoginDocument, variables: { input: { username: 'ann' } } });
`;

const tsconfig = {
  compilerOptions: {
    ...{ target: 'es2024', lib: ['es2024', 'dom'], module: 'esnext', moduleResolution: 'bundler' },
    ...{ strict: true, noEmit: true, skipLibCheck: true, allowImportingTsExtensions: true, moduleDetection: 'force', types: ['node'] },
  },
};

describe('from schema.graphql', { timeout: 60_000 }, () => {
  it('Relay’s compiler makes its artifacts, pages of securityEvents included', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'relay-'));
    folders.push(folder);
    for (const name of ['src', 'artifacts']) await mkdir(join(folder, name));
    const config = markedBlocks('docs/clients.md').find(({ name }) => name === 'relay.config.json')?.code ?? '';
    await writeFile(join(folder, 'relay.config.json'), config);
    await symlink(SCHEMA, join(folder, 'schema.graphql'));
    await writeFile(join(folder, 'src/app.ts'), relayOperations);
    await run('relay-compiler/cli.js', [], folder);
    expect((await readdir(join(folder, 'artifacts'))).sort()).toEqual(
      ['appEventsQuery', 'appLoginMutation', 'appRevokedSubscription', 'app_events', 'app_user'].map((name) => `${name}.graphql.ts`),
    );
    expect(await readFile(join(folder, 'artifacts/app_events.graphql.ts'), 'utf8')).toContain('readonly happenedAt: string;');
  });

  // Its command line cannot run on TypeScript 7; this is what that calls. `npx vitest -u` brings the file up to date.
  it('gql.tada makes the types that the tests of the clients are checked by', async () => {
    const introspection = introspectionFromSchema(buildSchema(readFileSync(SCHEMA, 'utf8')), { descriptions: false });
    const types = outputIntrospectionFile(minifyIntrospection(introspection), { fileType: '.d.ts', shouldPreprocess: true });
    await expect(types).toMatchFileSnapshot('graphql-env.d.ts');
  });

  it('graphql-codegen makes operations that type-check, and so does the code in the documents', async () => {
    const { folder } = await extractSnippets(undefined, ['docs/clients.md']);
    folders.push(folder);
    const documents = resolve('test/e2e/operations.ts');
    const { default: config }: { default: CodegenConfig } = await import(join(folder, 'codegen.ts'));
    const [output = expect.unreachable()] = Object.values(config.generates);
    await generate({ ...config, schema: SCHEMA, documents, generates: { [join(folder, 'gql/')]: output }, silent: true });
    await copyFile('test/e2e/graphql-env.d.ts', join(folder, 'graphql-env.d.ts'));
    await writeFile(join(folder, 'use.ts'), codegenUse);
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig));
    await run('typescript/bin/tsc', [], folder);
  });
});
