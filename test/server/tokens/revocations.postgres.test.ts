import { createVerifier } from 'graphql-token-auth/verify';
import { expect, it, onTestFinished } from 'vitest';
import { currentPosition, endedSince } from '../../../src/features/tokens/ended-tokens.ts';
import { digestOf } from '../../../src/shared/key.ts';
import { createTestApp } from '../../support/app/test-app.ts';
import { until } from '../../support/until.ts';

it('what an older transaction ends is told after what younger ones ended, and not missed', async () => {
  const app = await createTestApp();
  onTestFinished(() => app.close());
  const [slow, quick] = [await app.register('slow'), await app.register('quick')];
  const reader = () => app.database.orm.em.fork();
  const older = app.database.orm.em.fork();
  await older.begin();
  await older.execute('delete from tokens where user_id = ?', [slow.id]);
  const start = await currentPosition(reader());
  await app.sql('delete from tokens where user_id = ?', [quick.id]);
  const before = await endedSince(reader(), start);
  expect(before?.rows).toHaveLength(1);
  await older.commit();
  const after = await endedSince(reader(), before?.position ?? '');
  expect(after?.rows).toHaveLength(2);
  const settles = async () => (await endedSince(reader(), (await endedSince(reader(), start))?.position ?? ''))?.rows.length === 0;
  await until(settles); // transactions in other databases of the server hold it back, too
});

/** Parts of a list. */
const partsOf = <Item>(items: readonly Item[], size: number): Item[][] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, n) => items.slice(n * size, (n + 1) * size));

it('two verifiers that keep answers for a minute refuse each of 1,000 tokens within a second of its end', {
  timeout: 120_000,
}, async () => {
  const app = await createTestApp();
  onTestFinished(() => app.close());
  const api = await app.register('api');
  await app.sql(`update users set scopes = '{introspect}' where id = ?`, [api.id]);
  const [owner] = await app.sql("insert into users (username, password_hash) values ('many', '!') returning id");
  const keys = Array.from({ length: 1000 }, (_, n) => `${n}`.padStart(40, 'a'));
  await app.sql('insert into tokens (digest, user_id) select digest, ? from unnest(?::text[]) as d (digest)', [
    owner?.id,
    `{${keys.map(digestOf).join()}}`,
  ]);
  const verifiers = [1, 2].map(() => createVerifier({ url: app.url, token: api.token, cache: 60, timeout: 10_000 }));
  onTestFinished(() => {
    for (const { close } of verifiers) close();
  });
  await Promise.all(verifiers.map(({ connected }) => connected));
  const ask = (part: readonly string[]) => Promise.all(verifiers.flatMap(({ verify }) => part.map((key) => verify(`Token ${key}`))));
  for (const part of partsOf(keys, 50)) expect((await ask(part)).every(({ active }) => active)).toBe(true);
  const delays: number[] = [];
  for (const part of partsOf(keys, 50)) {
    await app.sql('delete from tokens where digest = any(?::text[])', [`{${part.map(digestOf).join()}}`]);
    const ended = performance.now();
    await until(async () => (await ask(part)).every(({ active }) => !active));
    delays.push(performance.now() - ended);
  }
  expect(delays.filter((milliseconds) => milliseconds > 1000)).toEqual([]);
});
