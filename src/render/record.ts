import { plainStyle, type Style, type Tone } from './style.js';
import { displayWidth, padRight, printable, truncate } from './text.js';

/** One line of a record view: a label and what stands beside it. */
export interface Pair {
  readonly label: string;
  readonly value: string | number | bigint | boolean | null | undefined;
  readonly tone?: Tone;
}

export interface RecordOptions {
  /** Columns of the terminal; absent or 0 = never cut. */
  readonly width?: number | undefined;
  readonly style?: Style | undefined;
}

/**
 * A single object as `Label  value` lines with aligned values. A missing value shows as `-`, a
 * boolean as `yes` or `no`. Control characters are escaped. Ends without a newline.
 */
export function renderRecord(pairs: readonly Pair[], options: RecordOptions = {}): string {
  const style = options.style ?? plainStyle;
  const limit = options.width ?? 0;
  const labels = Math.max(0, ...pairs.map((pair) => displayWidth(pair.label)));
  const room = limit > 0 ? Math.max(4, limit - labels - 2) : Number.POSITIVE_INFINITY;
  return pairs
    .map((pair) => {
      const text = truncate(valueText(pair.value), room);
      const label = style('strong', padRight(pair.label, labels));
      return `${label}  ${style(pair.tone ?? 'plain', text)}`.trimEnd();
    })
    .join('\n');
}

function valueText(value: Pair['value']): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return printable(String(value));
}
