import type { StepResult } from './run-suites.js';

/** The three numbers at the end. */
export function countsOf(results: readonly StepResult[]) {
  const passed = results.filter(({ ok }) => ok).length;
  const skipped = results.filter((each) => each.skipped).length;
  return { passed, failed: results.length - passed - skipped, skipped };
}

/** `12 passed, 0 failed, 1 skipped`. */
export function lastLine(results: readonly StepResult[]): string {
  const { passed, failed, skipped } = countsOf(results);
  return `${passed} passed, ${failed} failed, ${skipped} skipped`;
}

/** One step for people: `ok 3 - create stream (12 ms)`. */
export function stepLine({ n, name, ok, skipped, took_us: took, error }: StepResult): string {
  if (skipped) return `skip ${n} - ${name} (${error ?? ''})`;
  const line = `${ok ? 'ok' : 'not ok'} ${n} - ${name} (${Math.round(took / 1000)} ms)`;
  return ok ? line : `${line}\n  ${error ?? ''}`;
}

/** One step in the Test Anything Protocol. */
export function tapLine({ n, name, ok, skipped, error }: StepResult): string {
  if (skipped) return `ok ${n} - ${tapText(name)} # SKIP ${tapText(error ?? '')}`;
  const line = `${ok ? 'ok' : 'not ok'} ${n} - ${tapText(name)}`;
  return ok ? line : `${line}\n  ---\n  message: ${JSON.stringify(error)}\n  ...`;
}

function tapText(text: string): string {
  return text.replaceAll('#', '\\#').replaceAll('\n', ' ');
}

/** All steps as a JUnit file. */
export function junit(results: readonly StepResult[]): string {
  const { failed, skipped } = countsOf(results);
  const suites = [...new Set(results.map(({ suite }) => suite))];
  const total = `tests="${results.length}" failures="${failed}" skipped="${skipped}"`;
  const body = suites.map((suite) =>
    suiteXml(
      suite,
      results.filter((each) => each.suite === suite),
    ),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites ${total}>\n${body.join('')}</testsuites>\n`;
}

function suiteXml(suite: string, results: readonly StepResult[]): string {
  const { failed, skipped } = countsOf(results);
  const seconds = results.reduce((sum, { took_us: took }) => sum + took, 0) / 1e6;
  const counts = `tests="${results.length}" failures="${failed}" skipped="${skipped}"`;
  const cases = results.map((each) => {
    const open = `<testcase classname="${xml(suite)}" name="${xml(each.name)}" time="${each.took_us / 1e6}"`;
    if (each.skipped)
      return `    ${open}><skipped message="${xml(each.error ?? '')}"/></testcase>\n`;
    if (each.ok) return `    ${open}/>\n`;
    return `    ${open}><failure message="${xml(each.error ?? '')}"/></testcase>\n`;
  });
  const head = `  <testsuite name="${xml(suite)}" ${counts} time="${seconds}">\n`;
  return `${head}${cases.join('')}  </testsuite>\n`;
}

function xml(text: string): string {
  const safe = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' } as const;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no form for them
  const plain = text.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '?');
  return plain.replaceAll(/[&<>"']/g, (c) => safe[c as keyof typeof safe]);
}
