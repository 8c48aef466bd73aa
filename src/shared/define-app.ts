import type { Feature } from './feature.ts';

/** What an app adds to the server: by itself, or folder by folder. */
export type App = Omit<Feature, 'name'> & { readonly features?: readonly Feature[] };

/** Declares an app; `app/app.ts` exports what this returns. */
export const defineApp = ({ features = [], ...own }: App): readonly Feature[] => [{ name: 'app', ...own }, ...features];
