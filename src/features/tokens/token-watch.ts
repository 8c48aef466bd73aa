import { EventEmitter } from 'node:events';
import DataLoader from 'dataloader';
import type { Listen } from '../../database/notifications.ts';
import type { TokenEnd, TokenWatch } from '../../graphql/context.ts';
import type { Standing, TokenRepository } from './token.ts';

const LONGEST_WAIT = 60 * 60; // seconds; then it looks again, as a timer cannot run for a month

type Options = {
  readonly tokens: TokenRepository;
  readonly listen: Listen;
  /** Whether an error means that the database is away for now; then the watch asks again a second later. */
  readonly isAway: (error: unknown) => boolean;
};

/** Watches tokens for their end: the database reports revoked tokens, the clock expired ones. */
export function createTokenWatch({ tokens, listen, isAway }: Options): TokenWatch {
  const news = new EventEmitter().setMaxListeners(0);
  const stopped = new AbortController();
  const standings = new DataLoader<string, Standing>((ids) => tokens.findStandings(ids).catch(lookAgainSoon(ids)), { cache: false });
  const lookAgainSoon = (ids: readonly string[]) => (error: unknown) => {
    if (!isAway(error)) throw error;
    return ids.map(() => ({ end: null, secondsLeft: 1 })); // a failover must not end subscriptions
  };
  let listening: ReturnType<Listen> | undefined;

  const onMessage = (tokenId: string) => news.emit(tokenId);
  const onListening = () => {
    for (const tokenId of news.eventNames()) news.emit(tokenId);
  };
  const hear = () => {
    listening ??= listen('token_ended', { onMessage, onListening });
    return listening.catch((error: unknown) => {
      listening = undefined;
      throw error;
    });
  };

  async function untilEnded(tokenId: string, signal: AbortSignal): Promise<TokenEnd | null> {
    await hear();
    const leave = AbortSignal.any([signal, stopped.signal]);
    let wake = () => {};
    const lookAgain = () => wake();
    news.on(tokenId, lookAgain);
    leave.addEventListener('abort', lookAgain);
    try {
      while (!leave.aborted) {
        const woken = new Promise<void>((resolve) => (wake = resolve)); // before looking, so that no news is missed
        const { end, secondsLeft } = await standings.load(tokenId);
        if (end) return end;
        const timer = setTimeout(lookAgain, 1000 * Math.min(secondsLeft ?? LONGEST_WAIT, LONGEST_WAIT));
        await woken.finally(() => clearTimeout(timer));
      }
      return null;
    } finally {
      news.off(tokenId, lookAgain);
    }
  }

  const stop = async () => {
    stopped.abort();
    await (await listening)?.();
  };
  return { untilEnded, stop };
}
