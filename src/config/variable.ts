import { z } from 'zod';

/** Variables and their values, as a process is given them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What people read about a variable in `.env.example` and docs/configuration.md. All texts are Markdown. */
export type Documentation = {
  /** A sentence or two, for both. */
  readonly what: string;
  /** More sentences, for docs/configuration.md only. */
  readonly more?: string;
  /** A value for `.env.example`; left out: the default. */
  readonly example?: string;
  /** The default in production, where that differs from the schema's. */
  readonly inProduction?: string;
  /** What holds without a value, where the schema has no default. */
  readonly otherwise?: string;
};

/** The documentation of every variable, by its schema. */
export const documentation = z.registry<Documentation>();

/** Variables by name. The value of each is a text; its default, if it has one, is written as an operator would write it. */
export type Variables = Readonly<Record<string, z.ZodType<unknown, string | undefined>>>;

/** Variables that people look for together. */
export type Group = { readonly title: string; readonly intro?: string; readonly variables: Variables };

/** The default as an operator would write it; undefined: none. */
export const defaultOf = (schema: z.ZodType): string | undefined =>
  schema instanceof z.ZodPrefault && typeof schema.def.defaultValue === 'string' ? schema.def.defaultValue : undefined;
