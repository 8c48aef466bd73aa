import { availableParallelism } from 'node:os';
import bcrypt from 'bcrypt';
import { BCRYPT_COST } from '../bed/bed.ts';

/** How often all cores together can compare a password, with nothing else to do. */
const [seconds = '1'] = process.argv.slice(2);
const hash = await bcrypt.hash('secret', BCRYPT_COST);
const start = performance.now();
let compared = 0;
const compare = async () => {
  for (; performance.now() - start < Number(seconds) * 1000; compared++) await bcrypt.compare('secret', hash);
};
await Promise.all(Array.from({ length: availableParallelism() }, compare));
process.send?.((compared * 1000) / (performance.now() - start));
process.disconnect();
