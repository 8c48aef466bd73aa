#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { requireNode } from './supported-node.js';

// What `npx graphql-token-auth` runs, in JavaScript because it comes before what other versions of Node cannot read.
requireNode('');

// As npm start of a clone: a small young generation takes less memory, and what Node calls experimental is no news to operators. Only
// Node's command line can ask for that, so the process starts anew as itself, with the same id. Where it cannot, it goes on without.
const options = ['--max-semi-space-size=8', '--disable-warning=ExperimentalWarning'];
const isAsked = [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some((option) => option.includes('--max-semi-space-size'));
if (process.argv.includes('start') && !isAsked && process.execve && process.platform !== 'win32') {
  process.execve(process.execPath, [process.execPath, ...options, ...process.execArgv, ...process.argv.slice(1)], process.env);
}

// As for `npm start` of a clone: what Node makes of the sources is kept, here beside the package.
const { enableCompileCache } = await import('node:module');
const cache = process.env.NODE_COMPILE_CACHE || fileURLToPath(new URL('../../.cache/graphql-token-auth/compile', import.meta.url));
process.env.NODE_COMPILE_CACHE = cache; // workers read it
enableCompileCache(cache);
const { runCommand } = await import('./run-command.ts');
await runCommand(process.argv.slice(2));
