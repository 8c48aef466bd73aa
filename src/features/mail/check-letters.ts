import type { Feature } from '../../shared/feature.ts';
import { OperatorError } from '../../shared/operator-error.ts';
import { isLetterKind, letters } from './letters.ts';

/** @throws OperatorError for a letter that is never sent */
export function checkLetters(features: readonly Feature[]): void {
  const unknown = features.flatMap((feature) => Object.keys(feature.letters ?? {})).find((name) => !isLetterKind(name));
  if (unknown) throw new OperatorError(`There is no letter "${unknown}". There are: ${Object.keys(letters).join(', ')}.`);
}
