import { explainUnusableDatabase } from '../../database/database-errors.ts';
import { grantMissingTokens } from '../../features/tokens/grant-tokens.ts';
import { countWithoutToken, type IssuedKey } from '../../features/tokens/tokens-of-many.ts';
import { explainFatal, OperatorError } from '../../shared/operator-error.ts';
import { type Advance, withProgress } from '../console/progress.ts';
import type { Shell } from '../console/shell.ts';
import { AlreadyReported, errorFacts } from '../console/shell.ts';
import { withMigratedDatabase } from '../console/with-database.ts';

/** `create-token --missing`. Keys are printed as soon as they are committed, part by part: there may be a million. */
export const createMissingTokens = (shell: Shell): Promise<void> =>
  withMigratedDatabase(shell, async ({ database, config: { tokenPolicy } }) => {
    const { em } = database.orm;
    const total = await countWithoutToken(em.fork());
    const parts = grantMissingTokens({ em, tokenPolicy });
    await withProgress(shell, { label: 'Tokens', total }, (advance) => (shell.json ? printObject : printLines)(shell, parts, advance));
  });

type Parts = AsyncIterable<readonly IssuedKey[]>;

async function printLines(shell: Shell, parts: Parts, advance: Advance): Promise<void> {
  for await (const issued of parts) {
    await write(shell, issued.map(({ username, key }) => `${username}\t${key}\n`).join(''));
    advance(issued.length);
  }
}

/** One object that is whole even when the work breaks off: then it holds the error besides. */
async function printObject(shell: Shell, parts: Parts, advance: Advance): Promise<void> {
  await write(shell, '{"tokens":[');
  try {
    let separator = '';
    for await (const issued of parts) {
      if (issued.length === 0) continue;
      await write(shell, separator + issued.map((one) => JSON.stringify(one)).join(','));
      separator = ',';
      advance(issued.length);
    }
  } catch (thrown) {
    const error = explainUnusableDatabase(thrown);
    await write(shell, `],"error":${JSON.stringify(errorFacts(error))}}\n`);
    if (!(error instanceof OperatorError)) shell.stderr.write(explainFatal(error));
    throw new AlreadyReported();
  }
  await write(shell, ']}\n');
}

/** Waits until a part has left, so that no more keys are issued than are read. @throws OperatorError when the reader has gone */
const write = ({ stdout }: Shell, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    stdout.write(text, (cause) => (cause ? reject(lost(cause)) : resolve()));
  });

const lost = (cause: Error): OperatorError =>
  new OperatorError(
    'The reader of the output has gone. The last tokens, 500 at most, were issued but not printed; `create-token <username> -- -r` replaces one.',
    { cause },
  );
