#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { requireNode } from './supported-node.js';

// What `npx graphql-token-auth` runs, in JavaScript because it comes before what other versions of Node cannot read.
requireNode('');

// As for `npm start` of a clone: what Node makes of the sources is kept, here beside the package.
const { enableCompileCache } = await import('node:module');
const cache = process.env.NODE_COMPILE_CACHE || fileURLToPath(new URL('../../.cache/graphql-token-auth/compile', import.meta.url));
process.env.NODE_COMPILE_CACHE = cache; // workers read it
enableCompileCache(cache);
const { runCommand } = await import('./run-command.ts');
await runCommand(process.argv.slice(2));
