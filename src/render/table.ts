import CliTable from 'cli-table3';
import { plainStyle, type Style, type Tone } from './style.js';
import { displayWidth, printable, truncate } from './text.js';

/** What a table cell may hold: plain text or a number, or text with a tone. */
export type Cell =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | { readonly text: string; readonly tone: Tone };

/** One column; `key` picks the cell of a row. */
export interface Column {
  readonly key: string;
  readonly title: string;
  /** `right` for numbers. */
  readonly align?: 'left' | 'right';
  /** Tone of cells that bring none. */
  readonly tone?: Tone;
}

export type Row = Readonly<Record<string, Cell>>;

export interface TableOptions {
  /** Columns of the terminal; absent or 0 = never cut (pipes and files). */
  readonly width?: number | undefined;
  readonly style?: Style | undefined;
  /** Leaves the header line out. */
  readonly noHeader?: boolean | undefined;
}

const gap = 2;
const minimum = 4;
const bare = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '' },
  ...{ right: '', 'right-mid': '', middle: '' },
};

/**
 * A borderless table: one header line, two spaces between columns, no line wider than `width`.
 * When it does not fit, the last left-aligned column is cut with `…`, then the ones before it.
 * Control characters in cells are escaped. Ends without a newline.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly Row[],
  options: TableOptions = {},
): string {
  const style = options.style ?? plainStyle;
  const texts = rows.map((row) => columns.map((column) => cellText(row[column.key])));
  const widths = columns.map((column, at) =>
    texts.reduce(
      (widest, row) => Math.max(widest, displayWidth(row[at] ?? '')),
      options.noHeader === true ? 0 : displayWidth(column.title),
    ),
  );
  shrink(widths, columns, options.width ?? 0);
  const last = columns.length - 1;
  const table = new CliTable({
    chars: bare,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    colWidths: widths.map((width, at) => width + (at === last ? 0 : gap)),
  });
  const cell = (text: string, at: number, tone: Tone) => {
    const width = widths[at] ?? 0;
    const content = style(tone, truncate(text, width));
    if (columns[at]?.align !== 'right') return content;
    return ' '.repeat(Math.max(0, width - displayWidth(content))) + content;
  };
  if (options.noHeader !== true) {
    table.push(columns.map((column, at) => cell(column.title, at, 'strong')));
  }
  rows.forEach((row, line) => {
    table.push(
      columns.map((column, at) =>
        cell(texts[line]?.[at] ?? '', at, cellTone(row[column.key], column)),
      ),
    );
  });
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '-';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (typeof cell === 'object') return printable(cell.text);
  return printable(String(cell));
}

function cellTone(cell: Cell, column: Column): Tone {
  return typeof cell === 'object' && cell !== null ? cell.tone : (column.tone ?? 'plain');
}

/** Narrows columns until the line fits: text columns from the right first, then any. */
function shrink(widths: number[], columns: readonly Column[], limit: number): void {
  if (limit <= 0) return;
  const total = () => widths.reduce((sum, width) => sum + width, gap * (widths.length - 1));
  for (const onlyText of [true, false]) {
    for (let at = widths.length - 1; at >= 0 && total() > limit; at--) {
      if (onlyText && columns[at]?.align === 'right') continue;
      const width = widths[at] ?? 0;
      const floor = Math.min(width, minimum);
      widths[at] = Math.max(floor, width - (total() - limit));
    }
  }
}
