import SchemaBuilder, {
  BasePlugin,
  type FieldNullability,
  type InputFieldMap,
  type PothosOutputFieldConfig,
  type SchemaTypes,
  type TypeParam,
} from '@pothos/core';
import type { GraphQLField } from 'graphql';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      credentials: CredentialsPlugin<Types>;
    }
    export interface MutationFieldOptions<
      Types extends SchemaTypes,
      Type extends TypeParam<Types>,
      Nullable extends FieldNullability<Type>,
      Args extends InputFieldMap,
      ResolveReturnShape,
    > {
      /** The field checks or sets a password, or mails a way to: one operation may have one such field. */
      credentials?: boolean;
    }
  }
}

/** Carries `credentials: true` from where a field is declared into the schema, for the rule in limit-rules.ts. */
class CredentialsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override onOutputFieldConfig(field: PothosOutputFieldConfig<Types>) {
    if (field.kind !== 'Mutation' || !field.pothosOptions.credentials) return field;
    return { ...field, extensions: { ...field.extensions, credentials: true } };
  }
}

/** Whether a field was declared with `credentials: true`. */
export const handlesCredentials = ({ extensions }: GraphQLField<unknown, unknown>): boolean => extensions.credentials === true;

SchemaBuilder.registerPlugin('credentials', CredentialsPlugin);
export default 'credentials' as const;
