import type { Feature } from '../shared/feature.ts';
import { OperatorError } from '../shared/operator-error.ts';

/** What a guard may ask of every viewer. */
export const BUILT_IN = ['public', 'authenticated', 'staff', 'superuser'];

/** As in `editor` and `posts:write`: no blank, since lists of scopes are separated by blanks elsewhere. */
const NAME = /^[a-z][a-z0-9_.:-]{0,49}$/;

/** @throws OperatorError for a scope that the server cannot have. */
export function checkScopes(features: readonly Feature[]): void {
  const seen = new Set(BUILT_IN);
  for (const scope of features.flatMap(({ scopes = {} }) => Object.keys(scopes))) {
    if (!NAME.test(scope)) throw new OperatorError(`The scope "${scope}" needs a name like "editor" or "posts:write".`);
    if (BUILT_IN.includes(scope)) throw new OperatorError(`The scope "${scope}" is the server's own. Choose another name.`);
    if (seen.has(scope)) throw new OperatorError(`The scope "${scope}" is declared twice.`);
    seen.add(scope);
  }
}
