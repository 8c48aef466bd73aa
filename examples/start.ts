import { spawn } from 'node:child_process';
import { readEnvironment } from '../src/config/environment.ts';

// Starts the API and the page of one example together, and stops them together: node examples/start.ts <folder> [port]
const [name, port = '5173'] = process.argv.slice(2);
const { PORT = '4000' } = readEnvironment();
const page = `http://localhost:${port}`;
Object.assign(process.env, {
  PORT,
  PASSWORD_RESET_URL: `${page}/reset-password?token={token}`,
  EMAIL_VERIFICATION_URL: `${page}/verify-email?token={token}`,
});

const vite = ['node_modules/vite/bin/vite.js', `examples/${name}`, '--config', 'examples/vite.config.ts', '--port', port];
const frontEnd = spawn(process.execPath, vite, { stdio: 'inherit' });
const onPageGone = () => process.kill(process.pid, 'SIGTERM'); // without it there is nothing to serve
const stopPage = () => frontEnd.off('exit', onPageGone).kill();
frontEnd.once('exit', onPageGone);
process.once('SIGTERM', stopPage).once('SIGINT', stopPage).once('exit', stopPage);

await import('../src/main.ts');
