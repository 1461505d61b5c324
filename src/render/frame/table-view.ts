import type { FieldRow, FrameView } from '../../decoder/index.js';
import type { Style } from '../style.js';
import { displayWidth, padLeft, padRight, printable, truncate } from '../text.js';
import { humanForm, meaningTone, valueText, valueTone } from './value-text.js';

export interface FrameTableOptions {
  readonly style: Style;
  /** Columns of the terminal; 0 = never cut. */
  readonly width: number;
  readonly showSecrets: boolean;
  readonly only: 'header' | 'body' | undefined;
  /** Names of rows to show; undefined = all that say something. */
  readonly fields: ReadonlySet<string> | undefined;
}

interface Line {
  readonly row: FieldRow;
  readonly name: string;
  readonly offset: string;
  readonly size: string;
  readonly value: string;
  readonly meaning: string;
}

/** Below this width 128-bit numbers are shortened, or nothing would be left for their meaning. */
const roomy = 110;
const widestValue = 44;
const titles = ['Field', 'Offset', 'Size', 'Value', 'Meaning'] as const;

/** The fields of a frame: name, place, value and meaning, header first. No newline at the end. */
export function frameTable(
  view: FrameView,
  rows: readonly FieldRow[],
  options: FrameTableOptions,
): string {
  const { style, width } = options;
  const short = width > 0 && width < roomy;
  const lines = rows
    .filter((row) => isShown(row, view, options))
    .map((row) => lineOf(row, { showSecrets: options.showSecrets, short }));
  const widest = (pick: (line: Line) => string, title: string, most: number) =>
    Math.min(most, Math.max(displayWidth(title), ...lines.map((line) => displayWidth(pick(line)))));
  const limit = width > 0 ? Math.max(16, Math.floor(width * 0.4)) : Number.POSITIVE_INFINITY;
  const names = widest((line) => line.name, titles[0], limit);
  const values = widest(
    (line) => line.value,
    titles[3],
    width > 0 ? Math.min(widestValue, limit) : 64,
  );
  const offsets = widest((line) => line.offset, titles[1], 10);
  const sizes = widest((line) => line.size, titles[2], 10);
  const used = names + offsets + sizes + values + 8;
  const room = width > 0 ? width - used : Number.POSITIVE_INFINITY;
  const [field, offset, size, value, meaning] = titles;
  const head =
    `${padRight(field, names)}  ${padLeft(offset, offsets)}  ${padLeft(size, sizes)}` +
    `  ${padRight(value, values)}  ${meaning}`;
  const texts = [style('strong', truncate(head, width > 0 ? width : head.length))];
  let inBody = false;
  for (const line of lines) {
    const { row } = line;
    if (!inBody && row.path.startsWith('body.')) {
      inBody = true;
      texts.push(style('strong', `body: ${view.body.layout}`));
    }
    const left =
      style(row.span.composite ? 'strong' : 'name', padRight(truncate(line.name, names), names)) +
      `  ${style('dim', padLeft(line.offset, offsets))}  ${style('dim', padLeft(line.size, sizes))}`;
    const shown = padRight(truncate(line.value, values), values);
    const right = room < 4 ? '' : style(meaningTone(row), truncate(line.meaning, room));
    texts.push(`${left}  ${style(valueTone(row), shown)}  ${right}`.trimEnd());
  }
  return texts.join('\n');
}

/** Zeros that have to be there, and extensions that are not used, say nothing. */
function isShown(row: FieldRow, view: FrameView, options: FrameTableOptions): boolean {
  const inBody = row.path.startsWith('body.');
  if (options.only !== undefined && inBody !== (options.only === 'body')) return false;
  const { fields } = options;
  if (fields !== undefined) {
    const part = inBody ? 'body' : 'header';
    return fields.has(row.path) || fields.has(row.name) || fields.has(part);
  }
  if (row.isDetail) return false;
  const isPadding = row.span.type.startsWith('reserved') && (row.span.value ?? null) === null;
  if (isPadding) return false;
  return view.family !== 'vsr' || inBody || row.meaning !== 'zero';
}

function lineOf(row: FieldRow, options: { showSecrets: boolean; short: boolean }): Line {
  const human = humanForm(row);
  const meaning = row.state === undefined ? printable(row.meaning) : row.meaning;
  const indent = row.path.startsWith('body.') ? '  '.repeat(row.depth + 1) : '';
  return {
    row,
    name: `${indent}${printable(row.name)}`,
    offset: String(row.offset),
    size: String(row.size),
    value: valueText(row, options),
    meaning: joinMeaning(human, meaning),
  };
}

function joinMeaning(human: string | undefined, meaning: string): string {
  if (human === undefined || meaning.startsWith(human)) return meaning;
  return meaning === '' ? printable(human) : `${printable(human)} · ${meaning}`;
}
