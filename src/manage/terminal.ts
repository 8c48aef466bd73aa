import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { OperatorError } from '../operator-error.ts';

export type Terminal = {
  /** Asks a question and returns the line typed. @throws OperatorError when the person presses Ctrl+C or Ctrl+D instead */
  ask(question: string): Promise<string>;
  /** The same, showing nothing of what is typed. */
  askHidden(question: string): Promise<string>;
  complain(sentence: string): void;
  close(): void;
};

/**
 * Talks with the person at the terminal. One reader serves all questions and keeps the terminal in raw mode between them:
 * with one reader a question, the terminal itself would show a password that is typed a moment too early.
 */
export function openTerminal(): Terminal {
  let isEchoing = false;
  const write = (text: string) => process.stdout.write(text);
  const echo = new Writable({
    decodeStrings: false,
    write(text, _encoding, done) {
      if (isEchoing) write(text);
      done();
    },
  });
  // No history: the arrow keys would bring back a password in the next question.
  const reader = createInterface({ input: process.stdin, output: echo, terminal: true, historySize: 0 });
  reader.on('line', () => (isEchoing = false));
  const lines = reader[Symbol.asyncIterator]();

  async function answerTo(question: string, isVisible: boolean): Promise<string> {
    write(question);
    reader.setPrompt(question); // repeated by the reader when it redraws the line
    isEchoing = isVisible;
    const { value, done } = await lines.next();
    if (done) throw new OperatorError('\nOperation cancelled.');
    if (!isVisible) write('\n');
    return value;
  }

  return {
    ask: (question) => answerTo(question, true),
    askHidden: (question) => answerTo(question, false),
    complain: (sentence) => process.stderr.write(`${sentence}\n`),
    close: () => reader.close(),
  };
}
