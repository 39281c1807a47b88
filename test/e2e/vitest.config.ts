/** The browser tests: two files at a time; one city for all but the walk, which starts and stops its own. */
import { defineConfig } from 'vitest/config';

const root = new URL('../..', import.meta.url).pathname;
const common = { root, pool: 'forks', testTimeout: 120_000, hookTimeout: 240_000 } as const;

export default defineConfig({
  test: {
    root,
    maxWorkers: 2,
    projects: [
      { test: { ...common, name: 'walk', include: ['test/e2e/walk.test.ts'] } },
      {
        test: {
          ...common,
          name: 'console',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/walk.test.ts'],
          globalSetup: ['test/e2e/shared-city.ts'],
        },
      },
    ],
  },
});
