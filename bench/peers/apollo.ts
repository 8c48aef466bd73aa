import { ApolloServer } from '@apollo/server';
import fastifyApollo, { fastifyApolloDrainPlugin } from '@as-integrations/fastify';
import Fastify from 'fastify';
import { GraphQLError } from 'graphql';
import { findViewer } from './lookup.ts';
import { announce } from './serve.ts';

type Context = { readonly viewer: Awaited<ReturnType<typeof findViewer>> };

/** Apollo Server on Fastify, which costs less than Express. It keeps parsed and validated documents by default. */
const app = Fastify({ keepAliveTimeout: 75_000 });
const apollo = new ApolloServer<Context>({
  typeDefs: 'type Query { hello: String }',
  resolvers: {
    Query: {
      hello: (_root, _args, { viewer }) => {
        if (!viewer) throw new GraphQLError('Invalid token.', { extensions: { code: 'UNAUTHENTICATED' } });
        return 'Hello, World!';
      },
    },
  },
  plugins: [fastifyApolloDrainPlugin(app)],
});
await apollo.start();
await app.register(fastifyApollo(apollo), {
  path: '/graphql',
  context: async (request) => ({ viewer: await findViewer(request.headers.authorization) }),
});
await app.listen({ port: 0, host: '127.0.0.1' });
announce(app.server.address());
