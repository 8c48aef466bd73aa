import type { Plugin } from 'graphql-yoga';
import { badRequest } from '../../shared/errors.ts';

/** Headers of GraphQL clients that a browser does not send to another origin without asking it first. */
const deliberate = ['authorization', 'apollo-require-preflight', 'x-apollo-operation-name', 'graphql-require-preflight'];

const message = `Send a GET with one of the headers ${deliberate.join(', ')}, or use POST.`;

/** Refuses a GET that a link or an image on a foreign page could cause (CSRF). For POST, the content type sees to that. */
export const useCsrfPrevention = (): Plugin => ({
  onRequestParse({ request: { method, headers } }) {
    if (method === 'GET' && !deliberate.some((name) => headers.has(name))) throw badRequest(message);
  },
});
