import { hash } from 'node:crypto';
import { createServer } from 'node:http';
import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql';
import { GraphQLError } from 'graphql';
import { createSchema, createYoga } from 'graphql-yoga';
import { announce } from './serve.ts';

/** The textbook way: Yoga as it comes, an entity manager per request, the token and its user as entities. */
const User = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: { id: p.integer().primary(), username: p.string(), isActive: p.boolean(), isStaff: p.boolean() },
});
const Token = defineEntity({
  name: 'Token',
  tableName: 'tokens',
  properties: {
    id: p.bigint('string').primary(),
    digest: p.string(),
    user: () => p.manyToOne(User),
    expiresAt: p.datetime().nullable(),
  },
});
const orm = new MikroORM({ entities: [User, Token], clientUrl: process.env.DATABASE_URL ?? '', pool: { min: 0, max: 10 } });

async function findViewer(header: string | null) {
  if (!header?.startsWith('Token ')) return null;
  const token = await orm.em.fork().findOne(Token, { digest: hash('sha256', header.slice(6)) }, { populate: ['user'] });
  const isLive = token && (!token.expiresAt || token.expiresAt > new Date());
  return isLive && token.user.isActive ? token.user : null;
}

const yoga = createYoga({
  schema: createSchema<{ viewer: Awaited<ReturnType<typeof findViewer>> }>({
    typeDefs: 'type Query { hello: String }',
    resolvers: {
      Query: {
        hello: (_root, _args, { viewer }) => {
          if (!viewer) throw new GraphQLError('Invalid token.', { extensions: { code: 'UNAUTHENTICATED' } });
          return 'Hello, World!';
        },
      },
    },
  }),
  context: async ({ request }) => ({ viewer: await findViewer(request.headers.get('authorization')) }),
  logging: false,
});
const server = createServer({ keepAliveTimeout: 75_000 }, yoga);
server.listen(0, '127.0.0.1', () => announce(server.address()));
