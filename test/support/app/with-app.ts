import type { TestDatabase } from '../database/database.ts';
import { createTestApp, type TestApp } from './test-app.ts';

/** Runs the server on a database for as long as `work` takes: an embedded one serves a single process at a time. */
export async function withApp(on: TestDatabase, work: (app: TestApp) => Promise<void>): Promise<void> {
  const app = await createTestApp({ on });
  try {
    await work(app);
  } finally {
    await app.close();
  }
}
