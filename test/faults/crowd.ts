import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { createPerson } from './person.ts';

/** What came of a request: `unavailable` is a typed refusal, `unanswered` a connection that failed. */
export type Outcome = 'right' | 'wrong' | 'unavailable' | 'unanswered';

export type Answer = {
  readonly operation: string;
  readonly isRead: boolean;
  readonly outcome: Outcome;
  /** What was wrong. */
  readonly detail: string;
  /** By performance.now(). */
  readonly endedAt: number;
  /** Milliseconds. */
  readonly took: number;
};

export type Crowd = {
  readonly answers: readonly Answer[];
  /** How many answers of each kind. @param since by performance.now() */
  readonly count: (outcome: Outcome, since?: number) => number;
  /** By performance.now(); `since` when there was none. */
  readonly lastFailure: (since: number) => number;
  /** What went wrong, for the message of a failed test. */
  readonly wrong: () => string[];
  /** Lets everybody finish what they are doing. */
  readonly stop: () => Promise<void>;
  /** Checks all that was acknowledged against the server; returns what is missing or too much. */
  readonly audit: () => Promise<string[]>;
  /** Names that were registered without an answer. */
  readonly unsureNames: () => string[];
};

type Options = {
  readonly url: string;
  readonly clients: number /** Milliseconds between two requests of one client. */;
  readonly pace?: number;
};

/** People who register, log in and out, rename themselves and read, each knowing what the answer has to be. */
export async function gather({ url, clients, pace = 5 }: Options): Promise<Crowd> {
  const answers: Answer[] = [];
  const family = randomBytes(4).toString('hex');
  const people = Array.from({ length: clients }, (_, n) =>
    createPerson({ url, name: `${family}-${n}`, note: (answer) => answers.push(answer) }),
  );
  await Promise.all(people.map((person) => person.arrive()));
  let stopped = false;
  const living = people.map(async (person) => {
    while (!stopped) {
      await person.act();
      await setTimeout(pace);
    }
  });
  return {
    answers,
    count: (outcome, since = 0) => answers.filter((answer) => answer.outcome === outcome && answer.endedAt >= since).length,
    lastFailure: (since) => Math.max(since, ...answers.filter(({ outcome }) => outcome !== 'right').map(({ endedAt }) => endedAt)),
    wrong: () => answers.filter(({ outcome }) => outcome === 'wrong').map(({ operation, detail }) => `${operation}: ${detail}`),
    stop: async () => {
      stopped = true;
      await Promise.all(living);
    },
    audit: async () => (await Promise.all(people.map((person) => person.audit()))).flat(),
    unsureNames: () => people.flatMap((person) => person.unsureNames()),
  };
}

/** Waits for so many right answers more. */
export async function untilBusy(crowd: Crowd, more: number): Promise<void> {
  const enough = crowd.count('right') + more;
  while (crowd.count('right') < enough) await setTimeout(10);
}
