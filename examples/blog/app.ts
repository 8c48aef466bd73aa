import { p } from '@mikro-orm/core';
import { defineApp } from 'graphql-token-auth';
import './comments/comment.graphql.ts';
import { Comment } from './comments/comment.ts';
import './posts/post.graphql.ts';
import { Post } from './posts/post.ts';

declare global {
  namespace GraphqlTokenAuth {
    interface Scopes {
      editor: true;
    }
    interface UserColumns {
      displayName: string;
    }
    interface Topics {
      'post.published': { id: string };
    }
  }
}

export default defineApp({
  entities: [Post, Comment],
  migrations: new URL('./migrations/', import.meta.url),
  scopes: { editor: 'May publish posts.' },
  user: {
    displayName: {
      column: p.string().length(80).default(''),
      description: 'The name under posts and comments.',
      register: true,
      update: true,
      read: 'anybody',
    },
  },
  on: {
    'user.created': ({ user }) => {
      user.displayName ||= user.username;
    },
  },
});
