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
  /** True = a header line, as tables have it. */
  readonly header?: boolean | undefined;
}

const title = { label: 'Property', value: 'Value' } as const;

/**
 * A single object as `Label  value` lines with aligned values. A missing value shows as `-`, a
 * boolean as `yes` or `no`. Control characters are escaped. Ends without a newline.
 */
export function renderRecord(pairs: readonly Pair[], options: RecordOptions = {}): string {
  const style = options.style ?? plainStyle;
  const limit = options.width ?? 0;
  const header = options.header === true ? [title] : [];
  const labels = Math.max(0, ...[...header, ...pairs].map(({ label }) => displayWidth(label)));
  const room = limit > 0 ? Math.max(4, limit - labels - 2) : Number.POSITIVE_INFINITY;
  const line = ({ label, value }: Pair, tone: Tone) => {
    const text = style(tone, truncate(valueText(value), room));
    return `${style('strong', padRight(label, labels))}  ${text}`.trimEnd();
  };
  return [
    ...header.map((pair) => line(pair, 'strong')),
    ...pairs.map((pair) => line(pair, pair.tone ?? 'plain')),
  ].join('\n');
}

function valueText(value: Pair['value']): string {
  if (value === null || value === undefined) return '-';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return printable(String(value));
}
