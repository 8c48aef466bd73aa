/** Items on a page at most. */
export const MAX_PAGE = 100;

/** A page of a list, as Relay has it. Read forwards only. */
export type Connection<Node> = {
  readonly edges: readonly { readonly node: Node; readonly cursor: string }[];
  readonly hasNextPage: boolean;
};

/** @param edges one more than `first`, as for connectionOf */
export const pageOf = <Node>(edges: Connection<Node>['edges'], first: number): Connection<Node> => ({
  edges: edges.slice(0, first),
  hasNextPage: edges.length > first,
});

/** @param rows one more than `first`, when there are so many: the last one only tells that more follow. */
export const connectionOf = <Node>(rows: readonly Node[], first: number, cursorOf: (node: Node) => string): Connection<Node> =>
  pageOf(
    rows.map((node) => ({ node, cursor: cursorOf(node) })),
    first,
  );
