import { defineApp } from 'graphql-token-auth';

// Your own tables and fields: a folder each beside this file, and a line for it here. See docs/extending.md.
export default defineApp({
  features: [
    // notes,
  ],
});
