import type { Failure, Payload } from './api.ts';
import { texts } from './texts.ts';

/** What to tell of an outcome. The server's own sentence, where there is none in this language. */
export function sentenceOf({ code, message, retryAfter }: Payload['status']): string {
  if (code.startsWith('429')) return texts.throttled(retryAfter ?? 60);
  return texts.statuses[message] ?? message;
}

/** What to tell when there was no answer to use. */
export function sentenceOfFailure({ trouble, message, retryAfter }: Failure): string {
  if (trouble === 'throttled') return texts.throttled(retryAfter ?? 60);
  return trouble === 'bad-input' ? message : texts.troubles[trouble];
}
