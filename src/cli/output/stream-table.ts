import {
  displayWidth,
  padLeft,
  padRight,
  printable,
  type Style,
  stripStyle,
  truncate,
} from '../../render/index.js';

/** A column of a table that grows while it is printed. */
export interface StreamColumn {
  readonly title: string;
  /** Width that most values fit into; longer ones push the line to the right. */
  readonly width: number;
  readonly align?: 'left' | 'right';
  /** Where the terminal is too narrow the columns with the lowest number go first; without one it stays. */
  readonly leaveOut?: number;
}

export interface StreamTableOptions {
  readonly style: Style;
  /** Columns of the terminal; 0 = never cut. */
  readonly width: number;
  readonly noHeader: boolean;
}

const gap = '  ';

/** Lines of a table whose rows are not all known when the first is printed. */
export class StreamTable {
  readonly #columns: readonly StreamColumn[];
  readonly #options: StreamTableOptions;
  /** Places of the columns that are shown. */
  readonly #shown: readonly number[];
  #isOpen = false;

  constructor(columns: readonly StreamColumn[], options: StreamTableOptions) {
    this.#columns = columns;
    this.#options = options;
    this.#shown = fitting(columns, options.width);
  }

  /** The header, the first time only. Ends with a newline. */
  head(): string {
    if (this.#isOpen || this.#options.noHeader) return '';
    this.#isOpen = true;
    const titles = this.#columns.map(({ title }) => title);
    return this.#line(titles, (text) => this.#options.style('strong', text));
  }

  /** One row, with the header in front of the first. Ends with a newline. */
  row(cells: readonly (string | number | bigint | null | undefined)[]): string {
    const texts = cells.map((cell) => (cell === null || cell === undefined ? '-' : String(cell)));
    return this.head() + this.#line(texts, (text) => text);
  }

  /** A remark between rows. Ends with a newline. */
  note(text: string, tone: 'dim' | 'warn' | 'bad'): string {
    const { style, width } = this.#options;
    return `${this.head()}${style(tone, cut(printable(text), width))}\n`;
  }

  #line(texts: readonly string[], dress: (text: string) => string): string {
    const cells = this.#shown.map((at) => {
      const column = this.#columns[at];
      const width = column?.width ?? 0;
      const shown = printable(texts[at] ?? '');
      return column?.align === 'right' ? padLeft(shown, width) : padRight(shown, width);
    });
    const line = cells.join(gap).trimEnd();
    return `${dress(cut(line, this.#options.width))}\n`;
  }
}

/** Places of the columns that fit; width 0 = all. */
function fitting(columns: readonly StreamColumn[], width: number): readonly number[] {
  let shown = [...columns.keys()];
  const places = (at: number) => columns[at]?.leaveOut ?? Number.POSITIVE_INFINITY;
  const needed = () => shown.reduce((sum, at) => sum + (columns[at]?.width ?? 0) + gap.length, 0);
  while (width > 0 && needed() - gap.length > width) {
    const least = Math.min(...shown.map(places));
    if (least === Number.POSITIVE_INFINITY) break;
    shown = shown.filter((at) => places(at) !== least);
  }
  return shown;
}

function cut(line: string, width: number): string {
  return width > 0 && displayWidth(line) > width ? truncate(stripStyle(line), width) : line;
}
