import { writeSync } from 'node:fs';

/**
 * A vitest reporter whose only output is the very last line of the run: `12 passed, 0 failed`, and
 * `, 3 skipped` where some were. Continuous integration reads that line. A file that cannot be loaded and
 * an error outside of any test count as failed, and so do the checks named by IGGYCTL_FAILED_CHECKS.
 */
export default class SummaryReporter {
  onTestRunEnd(modules, unhandledErrors) {
    let passed = 0;
    let skipped = 0;
    let failed = unhandledErrors.length + Number(process.env.IGGYCTL_FAILED_CHECKS ?? 0);
    for (const module of modules) {
      if (module.errors().length > 0) failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed += 1;
        else if (state === 'failed') failed += 1;
        else skipped += 1;
      }
    }
    process.once('exit', () => {
      if (failed > 0 || passed === 0) process.exitCode = 1;
      const tail = skipped > 0 ? `, ${skipped} skipped` : '';
      writeSync(1, `\n${passed} passed, ${failed} failed${tail}\n`);
    });
  }
}
