import { spawn } from 'node:child_process';
import { readEnvironment } from '../src/config.ts';

// Starts the API and the page of one example together, and stops them together: node examples/start.ts apollo-react
const { PORT = '4000' } = readEnvironment();
const page = 'http://localhost:5173';
Object.assign(process.env, {
  PORT,
  PASSWORD_RESET_URL: `${page}/reset-password?token={token}`,
  EMAIL_VERIFICATION_URL: `${page}/verify-email?token={token}`,
});

const vite = ['node_modules/vite/bin/vite.js', `examples/${process.argv[2]}`, '--config', 'examples/vite.config.ts'];
const frontEnd = spawn(process.execPath, vite, { stdio: 'inherit' });
const stopFrontEnd = () => frontEnd.kill();
process.once('SIGTERM', stopFrontEnd).once('SIGINT', stopFrontEnd).once('exit', stopFrontEnd);
frontEnd.once('exit', () => process.emit('SIGTERM')); // without it there is nothing to serve

await import('../src/main.ts');
