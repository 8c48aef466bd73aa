import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { OperatorError } from '../../shared/operator-error.ts';
import type { Shell } from './shell.ts';

export type Terminal = {
  /** Asks a question and returns the line typed. @throws OperatorError when the person presses Ctrl+C or Ctrl+D instead */
  ask(question: string): Promise<string>;
  /** The same, showing nothing of what is typed. */
  askHidden(question: string): Promise<string>;
  say(sentence: string): void;
  complain(sentence: string): void;
  close(): void;
};

/**
 * Talks with the person at the terminal. One reader serves all questions and keeps the terminal in raw mode between them:
 * with one reader a question, the terminal itself would show a password that is typed a moment too early.
 */
function openTerminal({ stdin, stdout, stderr, json }: Shell): Terminal {
  let isEchoing = false;
  const write = (text: string) => (json ? stderr : stdout).write(text);
  const echo = new Writable({
    decodeStrings: false,
    write(text, _encoding, done) {
      if (isEchoing) write(text);
      done();
    },
  });
  // No history: the arrow keys would bring back a password in the next question.
  const reader = createInterface({ input: stdin, output: echo, terminal: true, historySize: 0 });
  reader.on('line', () => (isEchoing = false));
  const lines = reader[Symbol.asyncIterator]();

  async function answerTo(question: string, isVisible: boolean): Promise<string> {
    write(question);
    reader.setPrompt(question); // repeated by the reader when it redraws the line
    isEchoing = isVisible;
    const { value, done } = await lines.next();
    if (done) throw new OperatorError('\nOperation cancelled.', { code: 'CANCELLED' });
    if (!isVisible) write('\n');
    return value;
  }

  return {
    ask: (question) => answerTo(question, true),
    askHidden: (question) => answerTo(question, false),
    say: (sentence) => write(`${sentence}\n`),
    complain: (sentence) => stderr.write(`${sentence}\n`),
    close: () => reader.close(),
  };
}

/** Talks with the person for as long as `work` takes, and gives the terminal back: from then on Ctrl+C ends the process. */
export async function atTerminal<Result>(shell: Shell, work: (terminal: Terminal) => Promise<Result>): Promise<Result> {
  const terminal = openTerminal(shell);
  try {
    return await work(terminal);
  } finally {
    terminal.close();
  }
}
