import { renderTable, type Style } from '../../render/index.js';
import { type Expected, isExpected, type ProbeStep } from './probe-types.js';
import type { RawAnswer } from './raw-answer.js';
import type { ProbeResult } from './run-probes.js';

/** The step that a row shows: the first that went wrong, else the one the probe is about. */
function telling(steps: readonly ProbeStep[]): ProbeStep | undefined {
  return steps.find(({ answer, expected }) => !isExpected(answer, expected)) ?? steps.at(-1);
}

/** A probe as JSON. */
export function probeRow({ name, steps, ok }: ProbeResult) {
  const shown = telling(steps);
  return {
    name,
    sent: { request: shown?.sent.request ?? 0n, session: shown?.sent.session ?? 0n },
    answer: shown?.answer.kind ?? 'silence',
    code: shown?.answer.code ?? null,
    reason: shown?.answer.reason ?? null,
    expected: shown?.expected.map(({ kind }) => kind) ?? [],
    ok,
    steps: steps.map(({ sent, answer, expected }) => ({
      ...{ sent, answer: answer.kind, code: answer.code, reason: answer.reason },
      expected: expected.map(({ kind }) => kind),
    })),
  };
}

export function probeTable(
  results: readonly ProbeResult[],
  options: { readonly width: number; readonly style: Style; readonly noHeader: boolean },
): string {
  return renderTable(
    [
      { key: 'name', title: 'Probe' },
      { key: 'sent', title: 'Sent' },
      { key: 'answer', title: 'Answer' },
      { key: 'expected', title: 'Expected' },
      { key: 'verdict', title: 'Verdict' },
    ],
    results.map(({ name, steps, ok }) => {
      const shown = telling(steps);
      return {
        name,
        sent: shown === undefined ? null : `#${shown.sent.request} in ${shown.sent.session}`,
        verdict: ok ? { text: 'ok', tone: 'ok' as const } : { text: 'WRONG', tone: 'bad' as const },
        answer: shown === undefined ? null : briefText(shown.answer),
        expected: shown?.expected.map(briefText).join(' or '),
      };
    }),
    options,
  );
}

/** Without names of errors, so that answer and expectation stand side by side. */
function briefText({ kind, code, reason }: Expected | RawAnswer): string {
  const detail = reason ?? ((code ?? 0) === 0 ? '' : String(code));
  return `${kind} ${detail}`.trimEnd();
}
