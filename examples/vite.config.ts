import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** For every example; its folder is the root. */
export default defineConfig({
  plugins: [react()],
  server: {
    strictPort: true, // the links in mails lead here
    proxy: { '/graphql': `http://127.0.0.1:${process.env.PORT ?? 4000}` }, // one origin for both, so CORS is not needed
    fs: { allow: [fileURLToPath(new URL('..', import.meta.url))] },
  },
});
