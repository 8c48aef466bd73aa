import { setTimeout } from 'node:timers/promises';
import { GOOD_PASSWORD, graphqlClient } from '../../test/support/client/graphql-client.ts';

/** A process of its own, so that the flood does not slow the stopwatch. Each key is of an account of its own. */
const [url = '', seconds = '1', ...tokens] = process.argv.slice(2);
const IN_FLIGHT = 10; // of each account: as many wrong passwords as it may try, and all of these may be wrong
const PAUSE = 20; // milliseconds after an answer
const query = `mutation { createToken(input: {name: "x", password: "${GOOD_PASSWORD}"}) { token } }`;
const end = performance.now() + Number(seconds) * 1000;
const { graphql } = graphqlClient(url);

async function keepAsking(token: string): Promise<void> {
  while (performance.now() < end) {
    await graphql(query, { token, headers: { 'X-Forwarded-For': '198.51.100.1' } });
    await setTimeout(PAUSE);
  }
}

await Promise.all(tokens.flatMap((token) => Array.from({ length: IN_FLIGHT }, () => keepAsking(token))));
