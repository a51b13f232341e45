import { defineConfig } from 'vitest/config';

/** Real servers and processes: one at a time, so that they have the machine to themselves. */
const REAL = ['test/linux/**/*.test.ts', 'test/conformance/**/*.test.ts'];

const SHARED = { pool: 'threads', isolate: false, testTimeout: 60_000 } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...SHARED,
          name: 'simulated',
          include: ['test/**/*.test.ts'],
          exclude: REAL,
          maxWorkers: '100%',
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: { ...SHARED, name: 'real', include: REAL, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
