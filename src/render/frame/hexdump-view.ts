import { isZeroBytes } from '../../base/index.js';
import type { FieldRow, FrameView, MaskedRange } from '../../decoder/index.js';
import type { Style, Tone } from '../style.js';
import { displayWidth, padRight, printable, truncate } from '../text.js';
import { humanForm, valueText } from './value-text.js';

export interface HexdumpOptions {
  readonly style: Style;
  /** Columns of the terminal; 0 = never cut. */
  readonly width: number;
  /** Puts names in brackets: the only sign of a range where there is no colour. */
  readonly bracketed: boolean;
  readonly showSecrets: boolean;
  readonly masked: readonly MaskedRange[];
  readonly only: 'header' | 'body' | undefined;
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly name: string;
  readonly text: string;
  readonly tone: Tone;
}

const bands: readonly Tone[] = ['band0', 'band1', 'band2', 'band3', 'band4', 'band5'];
const digits = '0123456789abcdef';
const roomForValues = 20;
const longestName = 24;

/**
 * A hexdump in which every range of bytes stands on lines of its own, at its place in the row of
 * 16, with the name of its field beside it. Lines of zeros within a field are shown once.
 */
export function frameHexdump(
  view: FrameView,
  rows: readonly FieldRow[],
  options: HexdumpOptions,
): string {
  const perLine = options.width > 0 && options.width < 74 ? 8 : 16;
  const withText = options.width === 0 || options.width >= 96;
  const ranges = rangesOf(view, rows, options);
  const names = Math.min(longestName, Math.max(0, ...ranges.map((range) => range.name.length)));
  const lines: string[] = [];
  for (const range of ranges) {
    const layout = { perLine, withText, names };
    for (const line of linesOf(view.bytes, range, layout)) {
      lines.push(renderLine(view.bytes, range, line, { ...options, ...layout }));
    }
  }
  return lines.join('\n');
}

/** Ranges that tile what is shown: fields, and whatever lies between and behind them. */
function rangesOf(
  view: FrameView,
  rows: readonly FieldRow[],
  options: HexdumpOptions,
): readonly Range[] {
  const { only } = options;
  const bodyAt = view.header.size;
  const from = only === 'body' ? bodyAt : 0;
  const to = only === 'header' ? Math.min(bodyAt, view.bytes.length) : view.bytes.length;
  const ranges: Range[] = [];
  let at = from;
  const push = (start: number, end: number, name: string, text: string) => {
    if (end <= start) return;
    const tone = bands[ranges.length % bands.length] ?? 'band0';
    ranges.push({ start, end, name, text, tone });
  };
  const leaves = rows.filter((row) => !row.span.composite && !row.isWhole && row.size > 0);
  for (const row of leaves) {
    const start = Math.max(at, row.offset);
    const end = Math.min(to, row.offset + row.size);
    if (row.offset < from || end <= start) continue;
    push(at, start, 'body', 'not decoded');
    push(start, end, shortPath(row.path), textOf(row, options.showSecrets));
    at = end;
  }
  push(
    at,
    to,
    at >= bodyAt && at > bodyAt && leaves.length > 0 ? 'more' : 'body',
    view.body.note ?? '',
  );
  return ranges;
}

/** As many of the last parts of a path as fit the column of names, so that values stay in view. */
function shortPath(path: string): string {
  let name = path;
  while (name.length > longestName) {
    const dot = name.indexOf('.');
    if (dot < 0) return name;
    name = name.slice(dot + 1);
  }
  return name;
}

function textOf(row: FieldRow, showSecrets: boolean): string {
  const value = valueText(row, { showSecrets, short: true });
  const human = row.parts ?? (row.state === undefined ? humanForm(row) : row.meaning);
  const shown = value === '-' ? (row.span.display ?? row.meaning) : value;
  return human === undefined || human === shown ? shown : `${shown} · ${printable(human)}`;
}

interface DumpLine {
  readonly start: number;
  readonly end: number;
  readonly first: boolean;
  /** Zero bytes left out before this line. */
  readonly skipped: number;
}

interface Layout {
  readonly perLine: number;
  readonly withText: boolean;
  readonly names: number;
}

function linesOf(bytes: Uint8Array, range: Range, { perLine }: Layout): readonly DumpLine[] {
  const lines: DumpLine[] = [];
  let skipped = 0;
  for (let start = range.start; start < range.end; ) {
    const end = Math.min(range.end, start - (start % perLine) + perLine);
    const inner = start > range.start && end < range.end;
    const isRepeat = inner && isZeroBytes(bytes, start, end) && lines.length > 0;
    if (isRepeat) skipped += end - start;
    else {
      lines.push({ start, end, first: start === range.start, skipped });
      skipped = 0;
    }
    start = end;
  }
  return lines;
}

function renderLine(
  bytes: Uint8Array,
  range: Range,
  line: DumpLine,
  options: HexdumpOptions & Layout,
): string {
  const { style, perLine } = options;
  const row = line.start - (line.start % perLine);
  let hex = '';
  let text = '';
  for (let at = row; at < row + perLine; at++) {
    const gap = at - row === 8 ? '  ' : at === row ? '' : ' ';
    const inside = at >= line.start && at < line.end;
    hex += gap + (inside ? pair(bytes, at, options) : '  ');
    text += inside ? char(bytes, at, options) : ' ';
  }
  const offset = style('dim', line.start.toString(16).padStart(6, '0'));
  const middle = options.withText ? `  ${style(range.tone, text)}` : '';
  const gutter = line.first ? gutterOf(range, options) : skippedText(line, options);
  return `${offset}  ${style(range.tone, hex)}${middle}  ${gutter}`.trimEnd();
}

/** Columns left for the gutter. */
function gutterRoom({ width, perLine, withText }: HexdumpOptions & Layout): number {
  const hex = perLine * 3 - 1 + (perLine === 16 ? 1 : 0);
  const used = 8 + hex + (withText ? perLine + 2 : 0) + 2;
  return width > 0 ? width - used : Number.POSITIVE_INFINITY;
}

function gutterOf(range: Range, options: HexdumpOptions & Layout): string {
  const { style, bracketed } = options;
  const room = gutterRoom(options);
  const label = truncate(bracketed ? `[${range.name}]` : `▏${range.name}`, Math.max(1, room));
  const column = options.names + (bracketed ? 2 : 1);
  // Values stand in a column of their own where there is room for one.
  const name = room >= column + roomForValues ? padRight(label, column) : label;
  const left = room - displayWidth(name) - 2;
  const value = left >= 4 ? `  ${truncate(range.text, left)}` : '';
  return `${style(range.tone, name)}${value}`;
}

function skippedText({ skipped }: DumpLine, options: HexdumpOptions & Layout): string {
  if (skipped === 0) return '';
  return options.style('dim', truncate(`(${skipped} zero bytes before)`, gutterRoom(options)));
}

function isMasked(at: number, options: HexdumpOptions): boolean {
  return options.masked.some((range) => at >= range.start && at < range.end);
}

function pair(bytes: Uint8Array, at: number, options: HexdumpOptions): string {
  if (isMasked(at, options)) return '··';
  const byte = bytes[at] ?? 0;
  return `${digits[byte >> 4] ?? ''}${digits[byte & 15] ?? ''}`;
}

function char(bytes: Uint8Array, at: number, options: HexdumpOptions): string {
  if (isMasked(at, options)) return '·';
  const byte = bytes[at] ?? 0;
  return byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.';
}
