import { h } from 'preact';
import { useState } from 'preact/hooks';
import { isDone, type Payload } from './api.ts';
import { asFailure } from './hooks.ts';
import { Notice } from './parts.ts';
import { sentenceOf, sentenceOfFailure } from './sentences.ts';

type Said = { readonly kind: 'done' | 'error'; readonly text: string };

/** Acts of a page, which says of each what came of it. @param after called when one was answered or failed */
export function useActs(after: () => void) {
  const [said, say] = useState<Said | null>(null);
  /** @param done what to say when the server did it */
  const act =
    (send: () => Promise<Payload>, done: string, then: () => void = after) =>
    async () => {
      try {
        const payload = await send();
        say(isDone(payload) ? { kind: 'done', text: done } : { kind: 'error', text: sentenceOf(payload.status) });
        (isDone(payload) ? then : after)();
      } catch (error) {
        say({ kind: 'error', text: sentenceOfFailure(asFailure(error)) });
        after();
      }
    };
  const tell = (text: string) => say({ kind: 'done', text });
  return { act, tell, notice: said && h(Notice, { kind: said.kind }, said.text) };
}
