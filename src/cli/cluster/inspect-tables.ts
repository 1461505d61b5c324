import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../cluster/index.js';
import {
  type Column,
  displayWidth,
  type Row,
  renderTable,
  type TableOptions,
} from '../../render/index.js';
import type { Difference, InspectRecord } from './inspect-record.js';

/** All sections of all nodes as tables, each under its title. */
export function inspectText({ nodes }: InspectRecord, options: TableOptions): string {
  const style = options.style ?? ((_tone, text) => text);
  const blocks = nodes.flatMap(({ id, sections }) =>
    Object.entries(sections).map(([name, section]) => {
      const title = style('heading', `node ${id}: ${name}`);
      return `${title}\n${sectionText(section, options)}`;
    }),
  );
  const missing = nodes
    .filter(({ sections }) => Object.keys(sections).length === 0)
    .map(({ id }) => `node ${id}: nothing to show, it is down`);
  return [...blocks, ...missing].join('\n\n');
}

/** Only what differs: a row per field, a column per node. */
export function diffText(diff: readonly Difference[], options: TableOptions): string {
  const ids = Object.keys(diff[0]?.values ?? {});
  const columns: readonly Column[] = [
    { key: 'field', title: 'Field' },
    ...ids.map((id) => ({ key: id, title: `Node ${id}` })),
  ];
  const rows = diff.map(({ field, values }): Row => {
    const cells = ids.map((id) => [id, cellOf(values[id] ?? null)] as const);
    return { field, ...Object.fromEntries(cells) };
  });
  return renderTable(columns, rows, options);
}

/** Columns beside the names of fields that fit a common terminal. */
const turnedColumns = 6;

function sectionText(section: Json, options: TableOptions): string {
  if (isJsonList(section)) return listText(section.filter(isJsonObject), options);
  if (!isJsonObject(section)) return String(section);
  const rows = Object.entries(section).map(([key, value]) => ({
    field: title(key),
    value: cellOf(value),
  }));
  return renderTable(
    [
      { key: 'field', title: 'Field' },
      { key: 'value', title: 'Value' },
    ],
    rows,
    options,
  );
}

function listText(list: readonly JsonObject[], options: TableOptions): string {
  if (list.length === 0) return 'empty';
  const keys = [...new Set(list.flatMap((row) => Object.keys(row)))];
  const columns = keys.map((key): Column => {
    const isNumber = list.every((row) => typeof (row[key] ?? 0) === 'number');
    return { key, title: title(key), align: isNumber ? 'right' : 'left' };
  });
  const rows = list.map((row) =>
    Object.fromEntries(keys.map((key) => [key, cellOf(row[key] ?? null)])),
  );
  const table = renderTable(columns, rows, { ...options, width: 0 });
  const { width = 0 } = options;
  const isWide = width > 0 && table.split('\n').some((line) => displayWidth(line) > width);
  // Cut headers would say nothing: then a line is a field, and a column is what was a line.
  return isWide && keys.length > list.length
    ? turned(columns, rows, options)
    : renderTable(columns, rows, options);
}

/** The same table on its side, in as many parts as the width asks for. */
function turned(columns: readonly Column[], rows: readonly Row[], options: TableOptions): string {
  const [names = { key: '', title: '' }, ...fields] = columns;
  const parts: string[] = [];
  for (let at = 0; at < rows.length; at += turnedColumns) {
    const part = rows.slice(at, at + turnedColumns);
    const sides = part.map(
      (row, i): Column => ({
        key: String(i),
        title: String(row[names.key] ?? ''),
        align: 'right',
      }),
    );
    const lines = fields.map(({ key, title: field }): Row => {
      const cells = part.map((row, i) => [String(i), row[key]] as const);
      return { field, ...Object.fromEntries(cells) };
    });
    const head: Column = { key: 'field', title: names.title };
    parts.push(renderTable([head, ...sides], lines, options));
  }
  return parts.join('\n\n');
}

function cellOf(value: Json): Row[string] {
  if (isJsonList(value) || isJsonObject(value)) return JSON.stringify(value);
  return value === '' ? null : value;
}

/** `latest_commit` becomes `Latest commit`. */
function title(key: string): string {
  const words = key.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
