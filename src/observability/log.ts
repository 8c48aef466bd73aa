import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

/** One JSON line an event. @param level LOG_LEVEL @param destination defaults to standard output */
export const createLog = (level: string, destination?: DestinationStream): Log =>
  pino({ level, base: null, serializers: { err: describe } }, destination ?? pino.destination(1));

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
