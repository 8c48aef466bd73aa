import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ask, Failure } from './api.ts';
import type { Operation } from './graphql.ts';

/** What is known of an answer. While it is asked for again, the last one stays. */
export type Query<Result> = {
  readonly data: Result | null;
  readonly failure: Failure | null;
  readonly pending: boolean;
  readonly reload: () => void;
};

/** Asks when the page opens and when the variables change. An answer that was overtaken is dropped. */
export function useQuery<Result, Variables>(operation: Operation<Result, Variables>, variables: Variables): Query<Result> {
  const [state, setState] = useState<Omit<Query<Result>, 'reload'>>({ data: null, failure: null, pending: true });
  const [round, setRound] = useState(0);
  const asked = JSON.stringify(variables);
  useEffect(() => {
    let current = true;
    setState(({ data }) => ({ data, failure: null, pending: true }));
    ask(operation, variables).then(
      (data) => current && setState({ data, failure: null, pending: false }),
      (error) => current && setState(({ data }) => ({ data, failure: asFailure(error), pending: false })),
    );
    return () => {
      current = false;
    };
  }, [operation, asked, round]);
  const reload = useCallback(() => setRound((last) => last + 1), []);
  return { ...state, reload };
}

export const asFailure = (error: unknown): Failure => (error instanceof Failure ? error : new Failure('broken', String(error)));

/** Runs one thing at a time: a second click while the first is under way does nothing. */
export function usePending<Args extends unknown[]>(work: (...args: Args) => Promise<void>): [(...args: Args) => void, boolean] {
  const [pending, setPending] = useState(false);
  const busy = useRef(false);
  const run = (...args: Args) => {
    if (busy.current) return;
    busy.current = true;
    setPending(true);
    work(...args).finally(() => {
      busy.current = false;
      setPending(false);
    });
  };
  return [run, pending];
}

/** Calls again and again while the page is in sight. @param milliseconds 0: never */
export function useEvery(milliseconds: number, work: () => void): void {
  const latest = useRef(work);
  latest.current = work;
  useEffect(() => {
    if (milliseconds === 0) return;
    const timer = setInterval(() => document.visibilityState === 'visible' && latest.current(), milliseconds);
    return () => clearInterval(timer);
  }, [milliseconds]);
}
