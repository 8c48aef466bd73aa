import type { EntityMetadata } from '@mikro-orm/core';

/** The columns that an entity is loaded with: all but the lazy ones, such as hashes. */
export const loadedColumns = <Entity>({ props }: EntityMetadata<Entity>): string[] =>
  props.filter(({ lazy, persist }) => !lazy && persist !== false).flatMap(({ fieldNames }) => fieldNames);
