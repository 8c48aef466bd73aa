import type { EntityMetadata, EntityProperty } from '@mikro-orm/core';

/** The properties that an entity is loaded with: all but the lazy ones, such as hashes. */
export const loadedProperties = <Entity>({ props }: EntityMetadata<Entity>): EntityProperty<Entity>[] =>
  props.filter(({ lazy, persist }) => !lazy && persist !== false);

/** The columns of these. */
export const loadedColumns = <Entity>(metadata: EntityMetadata<Entity>): string[] =>
  loadedProperties(metadata).flatMap(({ fieldNames }) => fieldNames);
