import './authors.graphql.ts';
import { p } from '@mikro-orm/core';
import type { Feature } from 'graphql-token-auth';

declare global {
  namespace GraphqlTokenAuth {
    interface Scopes {
      editor: true;
    }
    interface UserColumns {
      displayName: string;
    }
  }
}

export const authors: Feature = {
  name: 'authors',
  scopes: { editor: 'May list the authors.' },
  user: {
    displayName: {
      column: p.string().length(80).default(''),
      description: 'The name that others see.',
      register: true,
      update: true,
      read: 'anybody',
    },
  },
  migrations: new URL('./migrations/', import.meta.url),
};
