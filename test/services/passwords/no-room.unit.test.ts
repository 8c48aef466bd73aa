import { describe, expect, it } from 'vitest';
import { operator } from '../../../src/services/passwords/asker.ts';
import { createPasswords } from '../../../src/services/passwords/passwords.ts';

const full = createPasswords({ cost: 4, policy: { minLength: 8, hosts: [] }, pool: { run: async () => null, stop: async () => {} } });
const unavailable = { extensions: { code: 'SERVICE_UNAVAILABLE', retryAfter: 5 } };

describe('where there is no room to hash', () => {
  it('a password is neither hashed nor verified, whoever has it', async () => {
    await expect(full.hash('tr0mbone-Quartz-11', operator)).rejects.toMatchObject(unavailable);
    await expect(full.verify('tr0mbone-Quartz-11', 'md5$salt$5556741ee6b5e868c442def01ff6738e', operator)).rejects.toMatchObject(
      unavailable,
    );
    await expect(full.verify('tr0mbone-Quartz-11', undefined, operator)).rejects.toMatchObject(unavailable);
  });

  it('a right password with an outdated hash keeps that for another time', async () => {
    expect(await full.renew('tr0mbone-Quartz-11', 'md5$salt$5556741ee6b5e868c442def01ff6738e', operator)).toBeNull();
  });
});
