import { expect, it } from 'vitest';
import { createSender } from '../../../src/features/webhooks/send.ts';

const SECRET = `whsec_${Buffer.alloc(32).toString('base64')}`;
const send = (url: string) =>
  createSender({ url, secret: SECRET, events: null, allowPrivate: false })({ id: '1', body: '{}', signal: AbortSignal.timeout(5000) });

it.each([
  'http://127.0.0.1:9/',
  'http://127.1:9/',
  'http://2130706433:9/',
  'http://0.0.0.0:9/',
  'http://[::1]:9/',
  'http://[::ffff:10.0.0.1]:9/',
  'http://[fd00::1]:9/',
  'http://[fe80::1]:9/',
  'http://[64:ff9b::7f00:1]:9/',
  'http://10.0.0.1:9/',
  'http://172.16.0.1:9/',
  'http://192.168.0.1:9/',
  'http://100.64.0.1:9/',
  'http://169.254.169.254/latest/meta-data',
  'http://224.0.0.1:9/',
  'http://localhost:9/',
])('a webhook is not sent to %s', async (url) => {
  await expect(send(url)).rejects.toThrow('WEBHOOK_ALLOW_PRIVATE=true allows it');
});
