import './note.graphql.ts';
import type { Feature } from 'graphql-token-auth';
import { Note } from './note.ts';

export const notes: Feature = {
  name: 'notes',
  entities: [Note],
  migrations: new URL('./migrations/', import.meta.url),
};
