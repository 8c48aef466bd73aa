import { answer, queryOf, serve } from './serve.ts';

/** node:http alone: the floor under everything that runs on it. */
serve(async (request, response) => answer(response, (await queryOf(request)) === '{ hello }'));
