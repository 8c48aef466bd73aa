import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// What `npm start` runs, in JavaScript because it comes before what reads TypeScript. Node keeps what it made of the sources
// for the next start, which then needs neither the time nor the 30 MB for it. Not in the system's folder for temporary
// files, where others could leave code for us.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url)); // workers read it
enableCompileCache(process.env.NODE_COMPILE_CACHE);
await import('./main.ts');
