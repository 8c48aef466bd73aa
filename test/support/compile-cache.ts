import { enableCompileCache } from 'node:module';

// Every test file loads the product anew.
enableCompileCache(process.env.NODE_COMPILE_CACHE);
