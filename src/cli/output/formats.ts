import {
  type Cell,
  type Column,
  fittingColumns,
  humanSize,
  type Row,
  renderRecord,
  renderTable,
  type Style,
  toJson,
} from '../../render/index.js';
import { usageError } from '../cli-error.js';
import { nearest } from '../nearest.js';
import type { Field, Fields, ListColumn, ListResult, ObjectResult } from './result.js';

/** How results are written. */
export interface FormatOptions {
  readonly format: string;
  /** Columns of the terminal; 0 = not a terminal. */
  readonly width: number;
  readonly style: Style;
  readonly columns: readonly string[] | undefined;
  readonly sort: string | undefined;
  readonly noHeader: boolean;
  readonly limit: number | undefined;
  readonly quiet: boolean;
}

/** The text of one object, its last newline included; empty when there is nothing to print. */
export function objectText(result: ObjectResult, options: FormatOptions): string {
  const { kind, value, pairs, text, name } = result;
  const isJson = options.format === 'json' || options.format === 'ndjson';
  if (isJson) return jsonText({ kind, v: 1, ...value }, options);
  if (options.quiet || options.format === 'name') return name === undefined ? '' : `${name}\n`;
  if (isRecords(options)) {
    const keys = options.columns ?? Object.keys(value);
    return records(keys, [value], options);
  }
  if (pairs !== undefined) {
    return `${renderRecord(pairs, { ...options, header: !options.noHeader })}\n`;
  }
  return text === undefined || text === '' ? '' : `${text}\n`;
}

/** The text of a list, its last newline included. */
export function listText<T extends Fields>(list: ListResult<T>, options: FormatOptions): string {
  const { kind, nameKey = 'name', idKey = 'id' } = list;
  const items = arranged(list, options);
  if (options.format === 'json') return jsonText({ kind: `${kind}.list`, v: 1, items }, options);
  if (options.format === 'ndjson')
    return items.map((item) => `${toJson({ kind, v: 1, ...item })}\n`).join('');
  if (options.format === 'name') return lines(items, nameKey);
  if (options.quiet) {
    return lines(items, items.every((item) => item[idKey] !== undefined) ? idKey : nameKey);
  }
  const columns = chosenColumns(list, options);
  if (isRecords(options)) {
    return records(
      columns.map(({ key }) => key),
      items,
      options,
    );
  }
  const rows = items.map((item): Row => {
    const wide = options.format === 'wide';
    return Object.fromEntries(columns.map((column) => [column.key, cellOf(column, item, wide)]));
  });
  const shown = fitted(columns as readonly Column[], rows, list.spare ?? [], options);
  const text = renderTable(shown, rows, options);
  return text === '' ? '' : `${text}\n`;
}

/** What the last text of a line is cut to before columns are left out for it. */
const leastText = 24;

function fitted(
  columns: readonly Column[],
  rows: readonly Row[],
  spare: readonly string[],
  options: FormatOptions,
): readonly Column[] {
  if (spare.length === 0 || options.columns !== undefined) return columns;
  const last = columns.at(-1);
  const cut = last === undefined || last.align === 'right' ? {} : { [last.key]: leastText };
  return fittingColumns(columns, rows, { width: options.width, spare, cut });
}

/** JSON of a document: indented for a terminal, one line otherwise. */
function jsonText(value: unknown, { format, width }: FormatOptions): string {
  return `${toJson(value, { indent: width > 0 && format === 'json' ? 2 : 0 })}\n`;
}

function cellOf<T extends Fields>(column: ListColumn<T>, item: T, wide: boolean): Cell {
  const value = item[column.key];
  if (wide && column.key.endsWith('_bytes')) return scalar(value);
  if (column.cell !== undefined) return column.cell(item);
  if (column.key.endsWith('_bytes') && typeof value === 'bigint') return humanSize(value);
  return scalar(value);
}

function scalar(value: Field): Cell {
  if (value === null || value === undefined || typeof value !== 'object') return value;
  return isList(value) ? value.map(plainText).join(' ') : toJson(value);
}

function isList(value: Field): value is readonly Field[] {
  return Array.isArray(value);
}

function arranged<T extends Fields>(list: ListResult<T>, options: FormatOptions): readonly T[] {
  const [key, direction = 'asc'] = options.sort?.split(':') ?? [];
  let { items } = list;
  if (key !== undefined) {
    requireKey(key, list);
    if (direction !== 'asc' && direction !== 'desc') {
      throw usageError(`--sort: "${direction}" is neither asc nor desc`);
    }
    const sign = direction === 'desc' ? -1 : 1;
    items = [...items].sort((a, b) => sign * compare(a[key], b[key]));
  }
  return options.limit === undefined ? items : items.slice(0, options.limit);
}

function compare(a: Field, b: Field): number {
  const [x, y] = [comparable(a), comparable(b)];
  if (typeof x === 'string' && typeof y === 'string') return x.localeCompare(y, 'en');
  return x < y ? -1 : x > y ? 1 : 0;
}

function comparable(value: Field): string | bigint | number {
  if (typeof value === 'number' || typeof value === 'bigint') return value;
  return plainText(value);
}

function chosenColumns<T extends Fields>(
  list: ListResult<T>,
  { columns, format }: FormatOptions,
): readonly ListColumn<T>[] {
  if (columns === undefined) {
    return list.columns.filter(({ wide }) => wide !== true || format !== 'table');
  }
  return columns.map((key) => {
    requireKey(key, list);
    return list.columns.find((column) => column.key === key) ?? { key, title: key };
  });
}

/** @throws CliError E_USAGE that names the nearest key */
function requireKey<T extends Fields>(key: string, { items, columns }: ListResult<T>): void {
  const known = new Set([...columns.map((each) => each.key), ...Object.keys(items[0] ?? {})]);
  if (known.has(key)) return;
  const near = nearest(key, known);
  const hint = near === undefined ? `known: ${[...known].join(', ')}` : `did you mean ${near}?`;
  throw usageError(`there is no column ${key}; ${hint}`);
}

function isRecords({ format }: FormatOptions): boolean {
  return format === 'csv' || format === 'plain' || format === 'list';
}

/** CSV after RFC 4180 with a header line, or values separated by tabs or bars without one. */
function records(keys: readonly string[], items: readonly Fields[], options: FormatOptions) {
  const rows = items.map((item) => keys.map((key) => plainText(item[key])));
  const separator = { plain: '\t', list: '|' }[options.format];
  if (separator !== undefined) return rows.map((row) => `${row.join(separator)}\n`).join('');
  const header = options.noHeader ? [] : [keys];
  return [...header, ...rows].map((row) => `${row.map(csvField).join(',')}\r\n`).join('');
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function plainText(value: Field): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? toJson(value) : String(value);
}

function lines(items: readonly Fields[], key: string): string {
  return items.map((item) => `${plainText(item[key])}\n`).join('');
}
