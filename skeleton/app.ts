import { defineApp } from 'graphql-token-auth';
import { greeting } from './greeting/greeting.ts';

export default defineApp({
  migrations: new URL('./migrations/', import.meta.url),
  features: [greeting],
});
