import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const fuzzing = process.env['IGGYCTL_FUZZ'] === '1';

export default defineConfig({
  test: {
    include: [fuzzing ? 'test/**/*.fuzz.test.ts' : 'test/**/*.test.ts'],
    exclude: fuzzing ? [] : ['test/**/*.fuzz.test.ts'],
    // One module graph per worker: six times faster than isolated files, and it punishes module-level state.
    pool: 'threads',
    isolate: false,
    // Half of what tests do is to wait. The default leaves a core to vitest itself: two cores would
    // run one file after the other.
    maxWorkers: Math.max(2, availableParallelism()),
    // For machines that are slow or busy: only what hangs takes that long.
    testTimeout: fuzzing ? 0 : 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    teardownTimeout: 10_000,
    // Otherwise the console of vitest swallows what commands run in process print.
    disableConsoleIntercept: true,
    env: { NO_COLOR: '1', COLUMNS: '100' },
    reporters: ['default', './scripts/lib/summary-reporter.mjs'],
  },
});
