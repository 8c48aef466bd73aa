import type { ObjectRef, SchemaTypes } from '@pothos/core';
import { badArgument } from '../shared/errors.ts';
import { hasForm } from '../shared/text.ts';
import { builder, type Types } from './builder.ts';

declare global {
  export namespace PothosSchemaTypes {
    export interface SchemaBuilderOptions<Types extends SchemaTypes> {
      /** Items on a page at most. Default: 100. */
      maxPage?: number;
    }
  }
}

/** Items on a page at most. */
export const maxPage = (): number => builder.options.maxPage ?? 100;

/** A page of a list, as Relay has it. Read forwards only. */
export type Connection<Node> = {
  readonly edges: readonly { readonly node: Node; readonly cursor: string }[];
  readonly hasNextPage: boolean;
};

const PageInfo = builder.objectRef<Connection<unknown>>('PageInfo').implement({
  description: 'Tells whether a list goes on after this page, and from where.',
  fields: (t) => ({
    hasNextPage: t.exposeBoolean('hasNextPage', { description: 'Whether more items follow.' }),
    hasPreviousPage: t.boolean({ description: 'Always false: lists are read forwards.', resolve: () => false }),
    startCursor: t.string({
      nullable: true,
      description: 'The cursor of the first edge.',
      resolve: ({ edges }) => edges[0]?.cursor ?? null,
    }),
    endCursor: t.string({
      nullable: true,
      description: 'The cursor of the last edge. Pass it as `after` to get the next page.',
      resolve: ({ edges }) => edges.at(-1)?.cursor ?? null,
    }),
  }),
});

/** Makes `<name>Connection` and `<name>Edge`. */
export function connectionType<Node>(name: string, node: ObjectRef<Types, Node>): ObjectRef<Types, Connection<Node>> {
  const edge = builder.objectRef<Connection<Node>['edges'][number]>(`${name}Edge`).implement({
    description: 'An item of a list, and its cursor.',
    fields: (t) => ({
      node: t.expose('node', { type: node, description: 'The item.' }),
      cursor: t.exposeString('cursor', {
        description: 'The place of the item in the list. Pass it as `after` to get the items behind it.',
      }),
    }),
  });
  return builder.objectRef<Connection<Node>>(`${name}Connection`).implement({
    description: 'A page of a list.',
    fields: (t) => ({
      edges: t.field({ type: [edge], description: 'The items.', resolve: ({ edges }) => edges }),
      pageInfo: t.field({ type: PageInfo, description: 'Whether and how the list goes on.', resolve: (page) => page }),
    }),
  });
}

/** What a field that answers with a page takes. */
export const pageArgs = builder.args((t) => ({
  first: t.int({
    required: false,
    defaultValue: 20,
    description: 'The number of items, from 1 to 100, or to the limit that this server sets.',
  }),
  after: t.string({ required: false, description: 'A cursor of this list: the page begins behind it.' }),
}));

/** Checks `first`, which bounds the size of a page. @throws BAD_USER_INPUT */
export function pageSize(first: number | null | undefined): number {
  if (!first || first < 1 || first > maxPage()) throw badArgument(`"first" must be from 1 to ${maxPage()}.`);
  return first;
}

/** Checks a cursor that is a row's id. @throws BAD_USER_INPUT */
export function idCursor(after: string | null | undefined): string | null {
  if (after && !hasForm(after, /^\d{1,18}$/, 18)) throw badArgument('"after" must be a cursor of this list.');
  return after || null;
}

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

/** Which rows to find: those with smaller ids than `after`, at most `limit`, the latest first. */
export type Page = { readonly after: string | null; readonly limit: number };

/** Answers a field with `pageArgs` whose rows are listed by their ids, the latest first. @throws BAD_USER_INPUT */
export async function pageById<Row extends { readonly id: string }>(
  { first, after }: { readonly first?: number | null | undefined; readonly after?: string | null | undefined },
  find: (page: Page) => Promise<readonly Row[]>,
): Promise<Connection<Row>> {
  const size = pageSize(first);
  return connectionOf(await find({ after: idCursor(after), limit: size + 1 }), size, ({ id }) => id);
}
