import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type PreviewServer, preview } from 'vite';
import { proxyTo } from '../../../examples/vite.config.ts';

export type FrontEnd = {
  /** Where its pages are; /graphql leads to the API. */
  readonly url: string;
  readonly close: () => Promise<void>;
};

/** Nothing but the page's own files: what the examples promise to work under. The icon is an empty `data:` URL. */
const headers = { 'Content-Security-Policy': "default-src 'self'; img-src data:" };

/**
 * Builds an example and serves what was built. NODE_ENV is "test" here, so React and Apollo Client warn as they do in development.
 * @param name of its folder @param api where the server is
 */
export async function openFrontEnd(name: string, api: string): Promise<FrontEnd> {
  const outDir = await mkdtemp(join(tmpdir(), 'graphql-token-auth-example-'));
  const options = { root: `examples/${name}`, configFile: 'examples/vite.config.ts', build: { outDir }, logLevel: 'error' as const };
  await build(options);
  const server = await preview({ ...options, preview: { host: '127.0.0.1', port: 0, headers, proxy: proxyTo(api) } });
  const close = async () => {
    await server.close();
    await rm(outDir, { recursive: true });
  };
  return { url: urlOf(server), close };
}

function urlOf({ httpServer }: PreviewServer): string {
  const address = httpServer.address();
  if (typeof address !== 'object' || !address) throw new Error('it does not listen');
  return `http://127.0.0.1:${address.port}`;
}
