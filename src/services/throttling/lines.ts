import { serviceUnavailable } from '../../shared/errors.ts';

type Line = { last: Promise<unknown>; length: number };

const RETRY_AFTER = 5; // seconds

/** Waiting lines, one for each thing that is waited for. Only the first in a line asks for it, however long the line is. */
export function createLines(longest: number) {
  const lines = new Map<string, Line>();
  const join = (key: string): Line => {
    const line = lines.get(key) ?? { last: Promise.resolve(), length: 0 };
    if (line.length >= longest) throw serviceUnavailable(RETRY_AFTER);
    line.length++;
    lines.set(key, line);
    return line;
  };
  const leave = (key: string, line: Line) => {
    if (--line.length === 0) lines.delete(key);
  };
  /** Does `work` once all have done theirs who came before. `work` ends by itself. @throws SERVICE_UNAVAILABLE when the line is too long */
  const inTurn = async <Result>(key: string, work: () => Promise<Result>): Promise<Result> => {
    const line = join(key);
    const turn = line.last.then(work);
    line.last = turn.catch(() => {});
    return turn.finally(() => leave(key, line));
  };
  return { inTurn };
}
