import { fileURLToPath } from 'node:url';

// What `npm start` runs, in JavaScript because it comes before what reads TypeScript, and in an old one that every Node takes
// that could be there: the first of these that is too old says so.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18) || (major === 23 && minor < 6)) {
  process.stderr.write(
    `This server needs Node 22.18 or later, and this is ${process.versions.node}. One comes with \`npm ci\`; \`npm start\` uses it.\n`,
  );
  process.exit(1);
}

// Node keeps what it made of the sources for the next start, which then needs neither the time nor the 30 MB for it. Not in the
// system's folder for temporary files, where others could leave code for us.
const { enableCompileCache } = await import('node:module');
const cache = process.env.NODE_COMPILE_CACHE || fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url));
process.env.NODE_COMPILE_CACHE = cache; // workers read it
enableCompileCache(cache);
await import('./main.ts');
