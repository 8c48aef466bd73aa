import type { CodegenConfig } from '@graphql-codegen/cli';

/** Makes typed documents of the examples' operations: `npm run examples:codegen`. */
const config: CodegenConfig = {
  schema: 'schema.graphql',
  documents: 'examples/shared/operations.graphql',
  generates: {
    'examples/shared/operations.generated.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: { scalars: { DateTime: 'string' }, strictScalars: true, useTypeImports: true },
    },
  },
};

export default config;
