import type { Cell, Column, Row } from './table.js';
import { displayWidth } from './text.js';

/** What a table can do without. */
export interface Fit {
  /** Columns of the terminal; 0 = as many as there are. */
  readonly width: number;
  /** Keys of columns that may be left out, the least important first. */
  readonly spare: readonly string[];
  /** Columns that may be cut down to so many characters, by their key. */
  readonly cut?: Readonly<Record<string, number>>;
}

/** Leaves columns out until what is left fits without being cut, or nothing more can be left out. */
export function fittingColumns(
  columns: readonly Column[],
  rows: readonly Row[],
  { width, spare, cut = {} }: Fit,
): readonly Column[] {
  const widths = new Map(
    columns.map(({ key, title }) => {
      const texts = rows.map((row) => displayWidth(textOf(row[key])));
      const widest = Math.max(displayWidth(title), ...texts);
      return [key, Math.min(widest, cut[key] ?? widest)];
    }),
  );
  let kept = columns;
  for (const key of spare) {
    const natural = kept.reduce((sum, each) => sum + (widths.get(each.key) ?? 0) + 2, -2);
    if (width === 0 || natural <= width) break;
    kept = kept.filter((column) => column.key !== key);
  }
  return kept;
}

function textOf(cell: Cell): string {
  if (typeof cell === 'object' && cell !== null) return cell.text;
  return String(cell ?? '-');
}
