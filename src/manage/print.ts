/** Prints one line for the person at the command line. */
export const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};
