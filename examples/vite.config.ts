import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type ProxyOptions } from 'vite';

/**
 * Page and API have one origin, so CORS is not needed. A connection that the server breaks off is broken off here too, which Vite
 * leaves out: a page would wait for the end of its session for ever.
 * @param api where the server is
 */
export const proxyTo = (api: string): Record<string, ProxyOptions> => ({
  '/graphql': {
    target: api,
    configure: (proxy) =>
      proxy.on('proxyRes', (incoming, _request, response) => {
        incoming.once('close', () => incoming.complete || response.destroy());
      }),
  },
});

/** For every example; its folder is the root. */
export default defineConfig({
  plugins: [react()],
  server: {
    strictPort: true, // the links in mails lead here
    proxy: proxyTo(`http://127.0.0.1:${process.env.PORT ?? 4000}`),
    fs: { allow: [fileURLToPath(new URL('..', import.meta.url))] },
  },
});
