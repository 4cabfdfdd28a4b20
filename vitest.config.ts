import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 90_000,
    hookTimeout: 90_000,
    restoreMocks: true,
    // Each deletion starts a process from TypeScript.
    env: { NODE_COMPILE_CACHE: resolve('build/compile-cache') },
  },
});
