import { runProcess } from './manage/run-process.ts';

// `npm run manage`. Features are loaded late, so that what is wrong with an app is said in one sentence.
await runProcess({ args: process.argv.slice(2), loadFeatures: async () => (await import('./features.ts')).features });
