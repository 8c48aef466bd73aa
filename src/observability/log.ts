import { type DestinationStream, destination, type Logger, pino } from 'pino';

export type Log = Logger;

/** Bytes written at once, and milliseconds that a line waits for others: a write costs more than a line. */
const BUFFER = 4096;
const DELAY = 100;

/** Bytes that may wait for the reader of the log; what comes on top is dropped. A log without a reader must not fill the memory. */
const MAX_BUFFER = 64 * 1024 * 1024;

/** One JSON line an event. @param level LOG_LEVEL @param stream defaults to standard output */
export const createLog = (level: string, stream: DestinationStream = destination(1)): Log =>
  pino({ level, base: null, serializers: { err: describe } }, stream);

type Options = { readonly logLevel: string; readonly prettyLog: boolean };

/** The log of a program, on standard output. Lines are written within 0.1 s, and what is left at the end or a crash. */
export async function openLog({ logLevel, prettyLog }: Options): Promise<Log> {
  if (!prettyLog)
    return createLog(logLevel, destination({ dest: 1, sync: false, minLength: BUFFER, periodicFlush: DELAY, maxLength: MAX_BUFFER }));
  const { default: pretty } = await import('pino-pretty');
  return createLog(logLevel, pretty({ sync: true, singleLine: true, translateTime: 'HH:MM:ss' }));
}

/** What a log may know of an error: a database driver puts the statement with its values into the message, so not that. */
function describe(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { type: typeof error };
  const frames = error.stack?.split('\n').filter((line) => line.trimStart().startsWith('at '));
  const isQuery = 'sqlState' in error || 'severity' in error;
  return {
    type: error.name,
    ...('code' in error && { code: error.code }),
    ...('constraint' in error && { constraint: error.constraint }),
    ...(!isQuery && { message: error.message }),
    stack: frames,
    ...(error.cause !== undefined && { cause: describe(error.cause) }),
  };
}
