import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';

it('every npm script that runs a program lets it take the place of the shell, so that signals reach it', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));
  const short = ['build', 'schema', 'schema:diff', 'check', 'format', 'examples:codegen', 'postinstall']; // end by themselves, at once
  const others = Object.entries<string>(scripts).filter(([name]) => !short.includes(name));
  expect(others.filter(([, script]) => !script.startsWith('exec '))).toEqual([]);
});

it.each(['14.21.3', '20.20.2', '22.17.1', '23.5.0'])('a Node that is too old says so in a sentence: %s', async (version) => {
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
  const args = ['--import', `data:text/javascript,${encodeURIComponent(pretend)}`, 'src/start.js'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { PATH: process.env.PATH } });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  const sentence = `This server needs Node 22.18 or later, and this is ${version}. One comes with \`npm ci\`; \`npm start\` uses it.\n`;
  expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: sentence });
});

it('files with secrets are committed to no repository and copied into no image, their example is', async () => {
  const repository = await mkdtemp(join(tmpdir(), 'graphql-token-auth-ignored-'));
  copyFileSync('.gitignore', join(repository, '.gitignore'));
  execFileSync('git', ['init', '--quiet', repository]);
  const files = ['.env', '.env.local', '.env.production', 'deploy/.env', 'deploy/.env.staging', '.env.example', 'deploy/.env.example'];
  const ignored = execFileSync('git', ['-C', repository, 'check-ignore', ...files], { encoding: 'utf8' });
  expect(ignored.trim().split('\n')).toEqual(files.slice(0, 5));
  const rules = readFileSync('.dockerignore', 'utf8').trim().split('\n');
  expect(rules.slice(-3)).toEqual(['**/.env', '**/.env.*', '!**/.env.example']); // the last one that fits decides
  await rm(repository, { recursive: true });
});

it('the image gets everything that the Dockerfile copies', () => {
  const copied = [...readFileSync('Dockerfile', 'utf8').matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, sources = '']) =>
    sources.split(' '),
  );
  expect(copied).toContain('src');
  const rules = readFileSync('.dockerignore', 'utf8').split('\n');
  expect(copied.filter((source) => !rules.includes(`!${source}`))).toEqual([]);
});
