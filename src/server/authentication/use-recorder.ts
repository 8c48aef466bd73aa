import type { Log } from '../../observability/log.ts';

/** Notes that a token was just used; returns at once. */
export type NoteUse = (tokenId: string) => void;

/** Collects uses of tokens, so that authentication itself stays a read. */
export type UseRecorder = {
  readonly note: NoteUse;
  /** Writes what is left and stops. */
  readonly stop: () => Promise<void>;
};

type Options = {
  /** Writes the uses of many tokens in one statement. */
  readonly write: (tokenIds: readonly string[]) => Promise<void>;
  readonly log: Log;
  /** Milliseconds between writes. */
  readonly every: number;
};

const MAX_IDS = 5000; // in one statement

/** Writes the uses of tokens in the background. What a failed write loses, the next use of the token brings again. */
export function createUseRecorder({ write, log, every }: Options): UseRecorder {
  const used = new Set<string>();
  let writing = Promise.resolve();
  const flush = async () => {
    const ids = [...used].slice(0, MAX_IDS);
    for (const id of ids) used.delete(id);
    if (ids.length > 0) await write(ids).catch((err: unknown) => log.warn({ err }, 'the use of tokens was not written'));
    if (used.size > 0) await flush();
  };
  const flushInTurn = () => (writing = writing.then(flush));
  const timer = setInterval(flushInTurn, every).unref();
  return {
    note: (tokenId) => used.add(tokenId),
    stop: () => {
      clearInterval(timer);
      return flushInTurn();
    },
  };
}
