import { findViewer } from './lookup.ts';
import { answer, queryOf, serve } from './serve.ts';

/** node:http and a prepared lookup per request: the obvious fast way. */
serve(async (request, response) => {
  const query = await queryOf(request);
  const viewer = await findViewer(request.headers.authorization);
  answer(response, viewer !== null && query === '{ hello }');
});
