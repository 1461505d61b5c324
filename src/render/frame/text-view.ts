import type { Check, FieldRow, FrameView, MaskedRange } from '../../decoder/index.js';
import type { Style, Tone } from '../style.js';
import { displayWidth, printable, wrap } from '../text.js';
import { frameHexdump } from './hexdump-view.js';
import { frameSummary } from './summary.js';
import { frameTable } from './table-view.js';
import { hashText } from './value-text.js';

export interface FrameTextOptions {
  readonly style: Style;
  readonly color: boolean;
  /** Columns of the terminal; 0 = never cut. */
  readonly width: number;
  readonly annotate: boolean;
  readonly numbered: boolean;
  readonly showSecrets: boolean;
  readonly masked: readonly MaskedRange[];
  readonly only: 'header' | 'body' | undefined;
  readonly fields: ReadonlySet<string> | undefined;
}

/** A frame for people: a summary line, its fields or its bytes, what was checked, what is wrong. */
export function frameText(
  view: FrameView,
  rows: readonly FieldRow[],
  options: FrameTextOptions,
): string {
  const { style, width, annotate } = options;
  const parts = [frameSummary(view, options)];
  if (annotate) parts.push(frameHexdump(view, rows, { ...options, bracketed: !options.color }));
  else parts.push(frameTable(view, rows, options));
  if (options.only !== 'header') parts.push(...bodyNotes(view, style));
  parts.push(...checkLines(view, style, width));
  parts.push(...findings(view, style, width));
  return `${parts.join('\n')}\n`;
}

function bodyNotes(view: FrameView, style: Style): readonly string[] {
  const { body } = view;
  const size = body.end - body.start;
  const missing = view.length - view.bytes.length;
  if (missing > 0) {
    return [
      style('warn', `${missing} bytes missing: ${view.bytes.length} of ${view.length} are there`),
    ];
  }
  if (size === 0 || body.value !== undefined) return [];
  const why = body.note === undefined ? '' : `, ${body.note}`;
  return [style('dim', `body: ${size} bytes${why}`)];
}

const verdictTones: Readonly<Record<Check['verdict'], Tone>> = {
  ...{ ok: 'ok', unsealed: 'dim', mismatch: 'bad', skipped: 'dim', nonzero: 'warn', none: 'dim' },
};

function checkLines(view: FrameView, style: Style, width: number): readonly string[] {
  const names = ['frame', 'body', 'reserved', 'batch', 'commit'] as const;
  const texts = names.flatMap((name) => {
    const { verdict } = view.checks[name];
    if (verdict === 'none') return [];
    const text = verdict === 'mismatch' ? 'MISMATCH' : verdict;
    return [`${name} ${style(verdictTones[verdict], text)}`];
  });
  if (texts.length === 0) return [];
  const line = `${style('dim', 'checks:')} ${texts.join(', ')}`;
  if (width === 0 || displayWidth(line) <= width) return [line];
  return [style('dim', 'checks:'), ...texts.map((text) => `  ${text}`)];
}

function findings(view: FrameView, style: Style, width: number): readonly string[] {
  const lines: string[] = [];
  const add = (label: string, text: string, tone: Tone) => {
    const room = width > 0 ? Math.max(20, width - label.length - 1) : Number.POSITIVE_INFINITY;
    const [first = '', ...rest] = wrap(printable(text), room);
    const indent = ' '.repeat(label.length + 1);
    lines.push(`${style(tone, label)} ${first}`, ...rest.map((line) => indent + line));
  };
  for (const problem of view.problems) add('problem:', withHashes(problem, view), 'bad');
  for (const warning of view.warnings) add('warning:', warning, 'warn');
  for (const { family, command, requestId, bodySize } of view.readings) {
    const id = requestId === undefined ? '' : `, request id ${requestId}`;
    const text = `also readable as ${family}: ${command.name} (${command.code})${id}, ${bodySize} bytes`;
    add('reading:', text, 'warn');
  }
  return lines;
}

/** A checksum that does not match, with both values. */
function withHashes(problem: string, view: FrameView): string {
  for (const name of ['frame', 'body', 'batch'] as const) {
    const { expected, found } = view.checks[name];
    if (problem !== `the ${name} checksum does not match`) continue;
    if (expected === undefined || found === undefined) continue;
    return `${problem}: expected ${hashText(expected)}, found ${hashText(found)}`;
  }
  return problem;
}
