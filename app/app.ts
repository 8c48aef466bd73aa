import { defineApp } from 'graphql-token-auth';

// Your own tables, fields and scopes: one folder each beside this file, and a line here. docs/extending.md shows it.
// import './notes/note.graphql.ts';

export default defineApp({
  // entities: [Note],
  // migrations: new URL('./migrations/', import.meta.url),
});
