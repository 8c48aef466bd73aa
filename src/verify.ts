// One file without imports, so that it runs wherever there is fetch: Node, Deno, Bun, workers, edges.

/** A good token, and its owner. */
export type Accepted = {
  readonly active: true;
  readonly userId: string;
  readonly username: string;
  readonly scopes: readonly string[];
  readonly tokenId: string;
  /** In seconds since 1970; null: never. */
  readonly expiresAt: number | null;
};

/** Why a request has no viewer. */
export type Refused = {
  readonly active: false;
  /** For your answer: 401, 403, 429, or 503 when the server cannot be asked. */
  readonly status: number;
  /** As in docs/errors.md: MISSING, MALFORMED, INVALID, EXPIRED, INACTIVE, FORBIDDEN, THROTTLED, UNAVAILABLE. */
  readonly reason: string;
};

export type Verdict = Accepted | Refused;

export type VerifierOptions = {
  /** Where the server is, as in `http://127.0.0.1:4000`. */
  readonly url: string;
  /** A token whose owner has the scope `introspect`, for /revocations. Without one, only `cache` ends what is kept. */
  readonly token?: string;
  /** Seconds for which a good token's answer is kept. Default: 0, which asks each time. */
  readonly cache?: number;
  /** Answers kept at most. Default: 10,000. */
  readonly cacheSize?: number;
  /** Milliseconds until an attempt to ask is given up. Default: 2000. */
  readonly timeout?: number;
  /**
   * What to do when the server cannot be asked. `refuse` (the default): 503. `last-known`: what it said last, unless it has said since
   * that the token ended, or the token's own end has come.
   */
  readonly onUnavailable?: 'refuse' | 'last-known';
  /** Seconds for which `last-known` goes on. Default: 3600. */
  readonly lastKnownFor?: number;
  /** Hears that the server refuses /revocations, at first or later: from then on only `cache` ends what is kept. */
  readonly onError?: (error: Error) => void;
};

export type Verifier = {
  /**
   * Says who is asking.
   * @param authorization the header of the request, as it came
   * @param scopes all of which the viewer needs
   */
  readonly verify: (authorization: string | null | undefined, scopes?: readonly string[]) => Promise<Verdict>;
  /** Resolves once what ends is heard of at once, and rejects when the server refuses to tell. Without `token` or `cache`, at once. */
  readonly connected: Promise<void>;
  /** Hangs up, and forgets everything. */
  readonly close: () => void;
};

type Kept = { readonly answer: Accepted; readonly since: number };

/** A question under way, and how many ends had been heard of when it was asked. */
type Asking = { readonly verdict: Promise<Verdict>; readonly since: number };

/** How often it asks when an event overtakes the answer. */
const QUESTIONS = 3;

const ATTEMPTS = 2;
const RETRY_AFTER = 100; // milliseconds
const PAUSES = { first: 100, longest: 5000 }; // milliseconds between attempts to connect

/** Asks a graphql-token-auth server who is asking, and keeps the answer until the server says that the token ended. */
export function createVerifier(options: VerifierOptions): Verifier {
  const {
    url,
    token,
    cache = 0,
    cacheSize = 10_000,
    timeout = 2000,
    onUnavailable = 'refuse',
    lastKnownFor = 3600,
    onError = () => {},
  } = options;
  const kept = new Map<string, Kept>();
  const asking = new Map<string, Asking>();
  const ended = createRecentlyEnded();
  const closed = new AbortController();

  const forget = (tokenId: string) => {
    ended.note(tokenId);
    for (const [key, { answer }] of kept) if (answer.tokenId === tokenId) kept.delete(key);
  };
  const forgetAll = () => {
    ended.noteAll();
    kept.clear();
  };
  const keep = (key: string, answer: Accepted) => {
    kept.delete(key);
    kept.set(key, { answer, since: Date.now() });
    for (const oldest of kept.keys()) {
      if (kept.size <= cacheSize) break;
      kept.delete(oldest);
    }
  };
  const keptFor = (key: string, seconds: number): Accepted | undefined => {
    const found = kept.get(key);
    if (!found || Date.now() - found.since >= seconds * 1000) return undefined;
    const { expiresAt } = found.answer;
    return expiresAt !== null && expiresAt * 1000 <= Date.now() ? undefined : found.answer; // use may have put its end off
  };
  const keeps = cache > 0 || onUnavailable === 'last-known';

  async function ask(key: string, authorization: string, left = QUESTIONS): Promise<Verdict> {
    const since = ended.count();
    const verdict = await request(`${url}/verify`, { authorization, timeout }).catch(() => unavailable);
    const isOld = verdict.active && ended.has(verdict.tokenId, since); // said before it ended, perhaps
    if (isOld && left > 1) return ask(key, authorization, left - 1);
    if (verdict.active && keeps && !isOld) keep(key, verdict);
    if (!verdict.active && verdict.status < 500 && verdict.status !== 429) kept.delete(key);
    if (verdict.active || verdict.status < 500 || onUnavailable === 'refuse') return verdict;
    return keptFor(key, lastKnownFor) ?? verdict;
  }

  async function identify(authorization: string): Promise<Verdict> {
    const key = await digestOf(authorization);
    const found = keptFor(key, cache);
    if (found) return found;
    const running = asking.get(key);
    if (running && running.since === ended.count()) return running.verdict; // or an end was heard since it was asked
    const mine: Asking = {
      since: ended.count(),
      verdict: ask(key, authorization).finally(() => asking.get(key) === mine && asking.delete(key)),
    };
    asking.set(key, mine);
    return mine.verdict;
  }

  const verify: Verifier['verify'] = async (authorization, scopes = []) => {
    if (!authorization || authorization.length > MAX_HEADER)
      return { active: false, status: 401, reason: authorization ? 'MALFORMED' : 'MISSING' };
    const verdict = await identify(authorization);
    if (!verdict.active) return verdict;
    return scopes.every((scope) => verdict.scopes.includes(scope)) ? verdict : { active: false, status: 403, reason: 'FORBIDDEN' };
  };

  const connected =
    token === undefined || cache === 0
      ? Promise.resolve()
      : follow({ url, token, timeout, signal: closed.signal, forget, onError, forgetAll });
  connected.catch(() => {}); // a rejection that no caller awaits is no bug
  const close = () => {
    closed.abort();
    kept.clear();
  };
  return { verify, connected, close };
}

/** Characters. Servers take no longer headers. */
const MAX_HEADER = 8000;

const unavailable: Refused = { active: false, status: 503, reason: 'UNAVAILABLE' };

/** What is kept goes by a digest, so that a dump of the memory shows no key. */
async function digestOf(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Asks again when the answer is lost on its way: asking changes nothing. */
async function request(url: string, { authorization, timeout }: { authorization: string; timeout: number }): Promise<Verdict> {
  for (let left = ATTEMPTS - 1; ; left--) {
    const response = await fetch(url, { headers: { authorization }, redirect: 'error', signal: AbortSignal.timeout(timeout) }).catch(
      () => null,
    );
    if (response && response.status < 500) return verdictOf(response.status, await response.json());
    if (left === 0) return unavailable;
    await new Promise((resolve) => setTimeout(resolve, RETRY_AFTER));
  }
}

/** Never lets in what is not plainly an acceptance. */
function verdictOf(status: number, body: unknown): Verdict {
  const { active, sub, username, scope, token_id, exp, reason } = Object(body);
  if (status === 200 && active === true && typeof sub === 'string' && typeof token_id === 'string') {
    const scopes = ['authenticated', ...String(scope).split(' ').filter(Boolean)];
    return {
      active: true,
      userId: sub,
      username: String(username),
      scopes,
      tokenId: token_id,
      expiresAt: typeof exp === 'number' ? exp : null,
    };
  }
  if (status === 200) return unavailable;
  return {
    active: false,
    status: status === 403 || status === 429 ? status : 401,
    reason: typeof reason === 'string' ? reason : 'INVALID',
  };
}

/** Tokens that ended lately: an answer that was on its way meanwhile must not be kept. */
function createRecentlyEnded() {
  const numbers = new Map<string, number>();
  let count = 0;
  let all = 0;
  return {
    count: () => count,
    noteAll: () => {
      all = ++count;
    },
    note: (tokenId: string) => {
      numbers.delete(tokenId);
      numbers.set(tokenId, ++count);
      for (const oldest of numbers.keys()) {
        if (numbers.size <= 10_000) break;
        numbers.delete(oldest);
      }
    },
    has: (tokenId: string, since: number): boolean => Math.max(all, numbers.get(tokenId) ?? 0) > since,
  };
}

type Following = {
  readonly url: string;
  readonly token: string;
  readonly timeout: number;
  readonly signal: AbortSignal;
  readonly forget: (tokenId: string) => void;
  readonly forgetAll: () => void;
  readonly onError: (error: Error) => void;
};

/** Follows /revocations until `signal` aborts, and reads on where it left off. Resolves when it hears for the first time. */
function follow({ signal, ...following }: Following): Promise<void> {
  let lastEvent: string | null = null;
  return new Promise((resolve, reject) => {
    const refused = (error: Error) => {
      following.forgetAll(); // ends are not heard any more
      following.onError(error);
      reject(error);
    };
    const stayTuned = async () => {
      for (let pause = PAUSES.first; !signal.aborted; pause = Math.min(pause * 2, PAUSES.longest)) {
        try {
          for await (const { event, id, data } of events(following, lastEvent, signal)) {
            pause = PAUSES.first;
            lastEvent = id ?? lastEvent;
            if (event === 'ready') resolve();
            if (event === 'reset') following.forgetAll();
            if (event === 'reset') resolve();
            if (event === 'ended' || event === 'changed') following.forget(JSON.parse(data).token_id);
          }
        } catch (error) {
          if (error instanceof NotAllowed) return refused(error);
        }
        await pauseFor(pause, signal);
      }
    };
    stayTuned();
  });
}

/** Until the time is up, or `signal` aborts. */
const pauseFor = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    const leave = () => {
      clearTimeout(timer);
      resolve();
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });

class NotAllowed extends Error {
  override name = 'NotAllowed';
}

type ServerEvent = { event: string; id: string | null; data: string };

/** Milliseconds without a sign of life until the connection counts as broken; the server gives one every 10 seconds. */
const SILENCE = 25_000;

/** The events of one connection. @throws NotAllowed when the token may not follow */
async function* events(
  { url, token, timeout }: Pick<Following, 'url' | 'token' | 'timeout'>,
  lastEvent: string | null,
  signal: AbortSignal,
) {
  const broken = new AbortController();
  let timer = setTimeout(() => broken.abort(), timeout);
  const headers = { authorization: `Token ${token}`, ...(lastEvent !== null && { 'last-event-id': lastEvent }) };
  try {
    const response = await fetch(`${url}/revocations`, { headers, redirect: 'error', signal: AbortSignal.any([signal, broken.signal]) });
    if (response.status === 401 || response.status === 403)
      throw new NotAllowed(`/revocations answers ${response.status}: the token needs the scope "introspect"`);
    if (!response.ok || !response.body) return;
    let text = '';
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      clearTimeout(timer);
      timer = setTimeout(() => broken.abort(), SILENCE);
      const blocks = (text + chunk).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) yield eventIn(block);
    }
  } finally {
    clearTimeout(timer);
    broken.abort();
  }
}

function eventIn(block: string): ServerEvent {
  const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]));
  return { event: fields.get('event') ?? '', id: fields.get('id') ?? null, data: fields.get('data') ?? '' };
}
