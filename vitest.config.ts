import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 90_000,
    hookTimeout: 90_000,
    restoreMocks: true,
    setupFiles: ['test/helpers/seed.ts'],
    // By default one core is left out: of two that is half.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    // Each deletion starts a process from TypeScript.
    env: { NODE_COMPILE_CACHE: resolve('build/compile-cache') },
  },
});
