/** Tests stand beside their files; one PostgreSQL serves the whole run. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/e2e/**'],
    globalSetup: ['test/postgres.ts'],
    pool: 'forks',
    // In an installation that a test starts nothing is collected by itself.
    env: { CHENGSHU_SCHEDULE: 'off' },
    // Files of one worker share what they import: to load the platform anew for each of them took a fifth of the processors' time.
    isolate: false,
    // One more than there are processors: a third of a test's time is waiting for another process.
    maxWorkers: 3,
    // Many times what they take on two cores with nothing else to do.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
