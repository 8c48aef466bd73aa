import { fileURLToPath } from 'node:url';
import { requireNode } from './supported-node.js';

// What `npm start` runs, in JavaScript because it comes before what reads TypeScript.
requireNode(' One comes with `npm ci`; `npm start` uses it.');

// Node keeps what it made of the sources for the next start, which then needs neither the time nor the 30 MB for it. Not in the
// system's folder for temporary files, where others could leave code for us.
const { enableCompileCache } = await import('node:module');
const cache = process.env.NODE_COMPILE_CACHE || fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url));
process.env.NODE_COMPILE_CACHE = cache; // workers read it
enableCompileCache(cache);
await import('./main.ts');
