import type { FieldRow, FrameView } from '../../decoder/index.js';
import type { Style, Tone } from '../style.js';
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
const titles = {
  ...{ name: 'Field', offset: 'Offset', size: 'Size', value: 'Value', meaning: 'Meaning' },
} as const;

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
  const limit = width > 0 ? Math.max(12, Math.floor(width * 0.4)) : Number.POSITIVE_INFINITY;
  const most = width > 0 ? Math.min(widestValue, limit) : 64;
  const layout: Layout = {
    name: widest((line) => line.name, titles.name, limit),
    // On a narrow terminal the place of a field gives way to its meaning.
    offset: width > 0 && width < 56 ? 0 : widest((line) => line.offset, titles.offset, 10),
    size: width > 0 && width < 68 ? 0 : widest((line) => line.size, titles.size, 10),
    value: widest((line) => line.value, titles.value, most),
    meaning: Number.POSITIVE_INFINITY,
  };
  const used = layout.name + layout.value + 4 + gapped(layout.offset) + gapped(layout.size);
  if (width > 0) layout.meaning = width - used;
  const head = renderLine(titles, layout, (_part, text) => style('strong', text));
  const texts = [head];
  let inBody = false;
  for (const line of lines) {
    const { row } = line;
    if (!inBody && row.path.startsWith('body.')) {
      inBody = true;
      texts.push(style('strong', `body: ${view.body.layout}`));
    }
    texts.push(renderLine(line, layout, (part, text) => style(toneOf(row, part), text)));
  }
  return texts.join('\n');
}

const parts = ['name', 'offset', 'size', 'value', 'meaning'] as const;
type Part = (typeof parts)[number];
type Layout = Record<Part, number>;

const gapped = (width: number): number => (width === 0 ? 0 : width + 2);

function renderLine(
  texts: Readonly<Record<Part, string>>,
  layout: Layout,
  styled: (part: Part, text: string) => string,
): string {
  const shown = parts.filter(
    (part) => layout[part] > 0 && (part !== 'meaning' || layout[part] >= 4),
  );
  // Nothing is padded behind the last text, so that lines end where they end, also in colour.
  const last = shown.findLastIndex((part) => texts[part] !== '');
  return shown
    .slice(0, last + 1)
    .map((part, at) => {
      const text = truncate(texts[part], layout[part]);
      if (part === 'offset' || part === 'size') return styled(part, padLeft(text, layout[part]));
      return styled(part, at === last ? text : padRight(text, layout[part]));
    })
    .join('  ');
}

function toneOf(row: FieldRow, part: Part): Tone {
  switch (part) {
    case 'name':
      return row.span.composite ? 'strong' : 'name';
    case 'value':
      return valueTone(row);
    case 'meaning':
      return meaningTone(row);
    default:
      return 'dim';
  }
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
