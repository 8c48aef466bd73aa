import type { Feature } from '../../shared/feature.ts';
import { OperatorError } from '../../shared/operator-error.ts';
import { isEventType } from './user-events.ts';

/** @throws OperatorError for a listener of an event that does not exist, or one that shares its name with another */
export function checkListeners(features: readonly Feature[]): void {
  for (const { name, on = {}, after = {} } of features) {
    const unknown = [...Object.keys(on), ...Object.keys(after)].find((type) => !isEventType(type));
    if (unknown) throw new OperatorError(`The feature "${name}" listens to "${unknown}", which does not happen.`);
  }
  const listening = features.filter(({ after }) => after).map(({ name }) => name);
  const twice = listening.find((name, place) => listening.indexOf(name) !== place);
  if (twice) throw new OperatorError(`Two features called "${twice}" have "after": give each a name of its own.`);
}
