import type { Feature } from './feature.ts';

/** What an app adds to the server. */
export type App = Omit<Feature, 'name'>;

/** Declares an app; `app/app.ts` exports what this returns. */
export const defineApp = (app: App): Feature => ({ name: 'app', ...app });
