import { readEnvironment } from './config/environment.ts';
import { openDatabase } from './database/database.ts';
import { runManage } from './manage/run-manage.ts';
import { explainFatal } from './shared/operator-error.ts';

process.umask(0o077); // what it writes is for its owner only
const { stdin, stdout, stderr } = process;
stdout.on('error', () => {}); // whoever read it has gone, as `head` does; who must know is told by the write
try {
  const { features } = await import('./features.ts'); // here, so that what is wrong with an app is said in one sentence
  process.exitCode = await runManage(process.argv.slice(2), { env: readEnvironment(), stdin, stdout, stderr, features, openDatabase });
} catch (error) {
  stderr.write(explainFatal(error));
  process.exitCode = 1;
}
