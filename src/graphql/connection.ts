/** Items on a page at most. */
export const MAX_PAGE = 100;

/** A page of a list, as Relay has it. Read forwards only. */
export type Connection<Node> = {
  readonly edges: readonly { readonly node: Node; readonly cursor: string }[];
  readonly hasNextPage: boolean;
};

/** @param rows one more than `first`, when there are so many: the last one only tells that more follow. */
export function connectionOf<Node>(rows: readonly Node[], first: number, cursorOf: (node: Node) => string): Connection<Node> {
  const edges = rows.slice(0, first).map((node) => ({ node, cursor: cursorOf(node) }));
  return { edges, hasNextPage: rows.length > first };
}
