import { humanTime, isoTime } from '../../render/index.js';
import {
  decode,
  isOperation,
  operationName,
  prepareHeader,
  prepareHeaderBytes,
} from '../../wire/index.js';
import type { Field, Fields } from '../output/result.js';
import type { StreamColumn } from '../output/stream-table.js';
import { hex128 } from '../output/wire-values.js';
import { opOf } from './journal-entries.js';
import type { BatchItem, CutItem, DamageItem, EntryItem } from './journal-items.js';

/** Columns of a journal; see {@link entryRow}. */
export const walColumns: readonly StreamColumn[] = [
  { title: 'Op', width: 7, align: 'right' },
  { title: 'View', width: 4, align: 'right' },
  { title: 'Operation', width: 26 },
  { title: 'Commit', width: 7, align: 'right', leaveOut: 5 },
  { title: 'Size', width: 7, align: 'right', leaveOut: 6 },
  { title: 'Parent ok', width: 9 },
  { title: 'Checksum', width: 8, leaveOut: 4 },
  { title: 'Request', width: 7, align: 'right', leaveOut: 3 },
  { title: 'Time', width: 30, leaveOut: 2 },
  { title: 'Client', width: 34, leaveOut: 1 },
];

type Row = readonly (string | number | bigint | null)[];

export function entryRow(item: EntryItem): Row {
  const header = headerOf(item);
  const view = header?.view ?? 0;
  return [
    item.isAnchor ? `${opOf(item.bytes)} *` : opOf(item.bytes),
    view,
    operationOf(item.bytes),
    header?.commit ?? null,
    item.length,
    item.parent === 'none' ? null : item.parent === 'ok' ? 'yes' : 'NO',
    checksumText(item),
    header?.request ?? null,
    header === undefined ? null : (humanTime(header.timestamp) ?? String(header.timestamp)),
    header === undefined ? null : hex128(header.client),
  ];
}

/** Header and body in one word. */
function checksumText({ frame, body }: EntryItem): string {
  if (frame === 'mismatch') return 'MISMATCH (header)';
  if (body === 'mismatch') return 'MISMATCH (body)';
  return frame === 'unsealed' || body === 'unsealed' ? 'unsealed' : 'ok';
}

/** An entry as JSON, without its body. */
export function entryFields(file: string, item: EntryItem): Fields {
  const { offset, length, frame, body, parent, batch, isAnchor } = item;
  return {
    ...{ file, offset: BigInt(offset), length },
    fields: { ...headerFields(item), batch: batch ?? null, anchor: isAnchor },
    checks: { frame, body, parent },
    warnings: warningsOf(item),
  };
}

export function warningsOf(item: EntryItem): string[] {
  const warnings: string[] = [];
  if (item.frame === 'mismatch') warnings.push('the header does not match its checksum');
  if (item.body === 'mismatch') warnings.push('the body does not match its checksum');
  if (item.parent === 'mismatch') warnings.push('it does not name the entry before it');
  return warnings;
}

function headerOf(item: EntryItem) {
  try {
    return decode(prepareHeader, item.bytes.subarray(0, prepareHeaderBytes));
  } catch {
    return undefined;
  }
}

function headerFields(item: EntryItem): Readonly<Record<string, Field>> {
  const header = headerOf(item);
  if (header === undefined) return { op: BigInt(Math.max(0, opOf(item.bytes))) };
  const { op, view, operation, commit, client, request, timestamp, userId } = header;
  return {
    ...{ op, view, operation: operationOf(item.bytes), operation_code: operation },
    ...{ commit, client: hex128(client), request, user_id: userId },
    ...{ timestamp: isoTime(timestamp) ?? null, size: item.length, replica: header.replica },
    ...{ group: `0x${header.group.toString(16).padStart(16, '0')}` },
    ...{ cluster: hex128(header.cluster), release: header.release },
    ...{ checksum: hex128(header.checksum), checksum_body: hex128(header.checksumBody) },
    ...{ parent: hex128(header.parent), request_checksum: hex128(header.requestChecksum) },
  };
}

const operationAt = 208;

function operationOf(bytes: Uint8Array): string {
  const code = bytes[operationAt] ?? 0;
  return isOperation(code) ? operationName(code) : `${code} unknown`;
}

export function batchLine({ number, entries, offset, length, verdict, isAnchor }: BatchItem) {
  const what = isAnchor ? 'anchor' : `${entries} ${entries === 1 ? 'entry' : 'entries'}`;
  const state = verdict === 'ok' ? '' : `, ${verdict.toUpperCase()}`;
  return `batch ${number}: ${what}, ${length} bytes at ${offset}${state}`;
}

export function batchFields(file: string, item: BatchItem): Fields {
  const { offset, length, number, entries, isAnchor, verdict } = item;
  return {
    ...{ file, offset: BigInt(offset), length },
    fields: { number, entries, anchor: isAnchor },
    checks: { frame: verdict === 'ok' ? 'ok' : 'mismatch' },
    warnings: verdict === 'ok' ? [] : [`the batch is ${verdict}`],
  };
}

/** What is wrong at a place, in words. */
export function problemText(item: DamageItem | CutItem): string {
  if (item.kind === 'damage') {
    return `damaged: ${item.length} bytes at ${item.offset}: ${item.reason}`;
  }
  const { offset, present, missing } = item;
  return `incomplete: ${present} bytes at ${offset} are there, at least ${missing} are missing`;
}
