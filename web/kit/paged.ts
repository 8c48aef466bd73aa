import { type ComponentChildren, h } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ask, type Failure } from './api.ts';
import type { Operation } from './graphql.ts';
import { asFailure, usePending } from './hooks.ts';
import { Skeleton, Trouble } from './parts.ts';
import { texts } from './texts.ts';

type Listed<Node> = {
  readonly edges: readonly { readonly node: Node }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
};

type Props<Result, Variables, Node> = {
  readonly operation: Operation<Result, Variables>;
  /** What to ask for from a cursor on; null: from the beginning. */
  readonly variables: (after: string | null) => Variables;
  readonly pick: (result: Result) => Listed<Node> | null;
  readonly show: (nodes: readonly Node[]) => ComponentChildren;
  /** The list begins anew when it changes. */
  readonly key?: string;
  /** Counts up to ask for the beginning again. */
  readonly turn?: number;
  /** Called when an older page is asked for. */
  readonly onMore?: () => void;
};

/** A list that grows by a page at a time. */
export function Paged<Result, Variables, Node>({ operation, variables, pick, show, turn = 0, onMore }: Props<Result, Variables, Node>) {
  const [nodes, setNodes] = useState<readonly Node[] | null>(null);
  const [after, setAfter] = useState<string | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [load, pending] = usePending(async (from: string | null) => {
    try {
      const page = pick(await ask(operation, variables(from)));
      setFailure(null);
      setNodes((last) => [...(from === null ? [] : (last ?? [])), ...(page?.edges ?? []).map(({ node }) => node)]);
      setAfter(page?.pageInfo.hasNextPage ? page.pageInfo.endCursor : null);
    } catch (error) {
      setFailure(asFailure(error));
    }
  });
  useEffect(() => load(null), [turn]);
  return h('div', { 'aria-busy': pending }, [
    failure && failure.trouble !== 'signed-out' && h(Trouble, { failure, onRetry: () => load(null) }),
    nodes ? show(nodes) : !failure && h(Skeleton, null),
    after !== null &&
      h(
        'p',
        { class: 'more' },
        h(
          'button',
          { type: 'button', onClick: () => [onMore?.(), load(after)], 'aria-disabled': pending },
          pending && h('span', { class: 'spinner' }),
          texts.more,
        ),
      ),
  ]);
}
