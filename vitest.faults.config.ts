import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

// The whole sweep of faults; `npm test` runs a sample of it.
export default defineConfig({
  test: {
    include: ['test/faults/**/*.test.ts'],
    testTimeout: 1_500_000,
    hookTimeout: 90_000,
    env: {
      NODE_COMPILE_CACHE: resolve('build/compile-cache'),
      DSR_FAULT_ROUNDS: '20',
      DSR_RESTORE_KILLS: '4',
      DSR_ERASE_PROGRAM: '../../dist/cli/main.js',
      DSR_ERASE_KILLS: '200',
      DSR_ERASE_PEOPLE: '5000',
      DSR_ERASE_ERASED: '100',
      DSR_MASS_PEOPLE: '3000',
    },
  },
});
