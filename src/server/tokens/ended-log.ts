import type { EntityManager } from '@mikro-orm/sql';
import type { Listen } from '../../database/notifications.ts';
import { currentPosition, type EndedToken, endedSince, isKeptSince } from '../../features/tokens/ended-tokens.ts';
import type { Log } from '../../observability/log.ts';
import { hasForm } from '../../shared/text.ts';

/** What ends on any node, for those who follow it. One reader of the database serves all of them. */
export type EndedLog = {
  readonly hasRoom: () => boolean;
  /** Begins to listen. @throws when the database is away */
  readonly open: () => Promise<void>;
  /**
   * Sends events from where a follower left off, or from now on, until the returned function is called.
   * @param lastEvent the id of the last event that was read; null: none was
   */
  readonly follow: (lastEvent: string | null, send: (text: string) => void) => Promise<() => void>;
  readonly stop: () => Promise<void>;
};

/** Streams of this process. */
const MOST = 100;

/** Milliseconds until the log is read although no notification came. */
const PATIENCE = 2000;

type Options = { readonly em: EntityManager; readonly listen: Listen; readonly log: Log };

export function createEndedLog({ em, listen, log }: Options): EndedLog {
  const followers = new Set<(text: string) => void>();
  let sent = new Set<string>(); // ids that the last reading gave, and the next one may give again
  let position: string | null = null;
  let reading: Promise<void> | null = null;
  let wanted = false;
  let stopListening: ReturnType<Listen> | undefined;

  const tell = (text: string) => {
    for (const send of followers) send(text);
  };
  async function readOn(): Promise<void> {
    if (position === null) return;
    const news = await endedSince(em.fork(), position);
    position = news?.position ?? (await currentPosition(em.fork()));
    const fresh = news ? news.rows.filter(({ id }) => !sent.has(id)) : [];
    sent = new Set(news?.rows.map(({ id }) => id));
    if (!news) tell(reset(position));
    else if (fresh.length > 0) tell(fresh.map(eventOf).join('') + place(position));
  }
  /** One reading at a time, and one more for what came meanwhile. None without followers: the next one begins anew. */
  async function look(): Promise<void> {
    if (followers.size === 0) position = null;
    if (position === null) return;
    wanted = true;
    reading ??= (async () => {
      while (wanted) {
        wanted = false;
        await readOn().catch((err: unknown) => log.warn({ err }, 'the log of ended tokens was not read; it will be tried again'));
      }
      reading = null;
    })();
    return reading;
  }
  const timer = setInterval(look, PATIENCE).unref();

  async function open(): Promise<void> {
    stopListening ??= listen('ended_tokens', { onMessage: look, onListening: look });
    await stopListening.catch((error: unknown) => {
      stopListening = undefined;
      throw error;
    });
  }

  const follow: EndedLog['follow'] = async (lastEvent, send) => {
    position ??= await currentPosition(em.fork());
    followers.add(send);
    try {
      send(await catchUp(em.fork(), lastEvent));
    } catch (error) {
      followers.delete(send);
      throw error;
    }
    return () => {
      followers.delete(send);
    };
  };
  const stop = async () => {
    clearInterval(timer);
    await (await stopListening)?.();
    await reading;
  };
  return { hasRoom: () => followers.size < MOST, open, follow, stop };
}

/** What a follower gets first: where the stream begins, and what ended since it left. Too long ago: it has to forget everything. */
async function catchUp(em: EntityManager, lastEvent: string | null): Promise<string> {
  const here = await currentPosition(em);
  if (lastEvent === null) return ready(here);
  const { position = '', seconds } = hasForm(lastEvent, PLACE, 30) ? (PLACE.exec(lastEvent)?.groups ?? {}) : {};
  const missed = seconds && isKeptSince(Number(seconds)) ? await endedSince(em, position) : null;
  return missed ? ready(missed.position) + missed.rows.map(eventOf).join('') : reset(here);
}

/** A number of a transaction, and when it was the oldest one under way, in seconds since 1970. */
const PLACE = /^(?<position>\d{1,19})-(?<seconds>\d{1,10})$/;

const idOf = (position: string): string => `${position}-${Math.floor(Date.now() / 1000)}`;
const ready = (position: string): string => `event: ready\nid: ${idOf(position)}\ndata: {}\n\n`;
const reset = (position: string): string => `event: reset\nid: ${idOf(position)}\ndata: {}\n\n`;
const place = (position: string): string => `event: place\nid: ${idOf(position)}\ndata: {}\n\n`;
const eventOf = ({ tokenId, ended }: EndedToken): string =>
  `event: ${ended ? 'ended' : 'changed'}\ndata: ${JSON.stringify({ token_id: tokenId })}\n\n`;
