import { toHex } from '../../base/index.js';
import { humanTime, isoTime } from '../../render/index.js';
import { readMessages } from '../../wire/index.js';
import type { ExitClass } from '../exit-codes.js';
import type { ResultWriter } from '../output/result-writer.js';
import { StreamTable } from '../output/stream-table.js';
import { hex128 } from '../output/wire-values.js';
import { problemText } from './entry-view.js';
import { OpenedFile } from './opened-file.js';
import {
  type SegmentBatchItem,
  type SegmentItem,
  startOffsetOf,
  walkSegment,
} from './walk-segment.js';

export interface SegmentOptions {
  readonly messages: boolean;
  /** Rows at most; all batches are checked in any case. */
  readonly limit: number;
  readonly out: ResultWriter;
  readonly isStopped: () => boolean;
}

const batchColumns = [
  { title: 'Batch', width: 6, align: 'right', leaveOut: 2 },
  { title: 'Base offset', width: 12, align: 'right' },
  { title: 'Count', width: 6, align: 'right' },
  { title: 'Size', width: 9, align: 'right', leaveOut: 4 },
  { title: 'Checksum', width: 8 },
  { title: 'Timestamp', width: 30, leaveOut: 3 },
  { title: 'Origin timestamp', width: 30, leaveOut: 1 },
] as const;

const messageColumns = [
  { title: 'Offset', width: 10, align: 'right' },
  { title: 'Timestamp', width: 30, leaveOut: 3 },
  { title: 'Length', width: 7, align: 'right', leaveOut: 2 },
  { title: 'Checksum', width: 8 },
  { title: 'Payload', width: 24 },
  { title: 'ID', width: 34, leaveOut: 1 },
] as const;

/** Shows a segment batch by batch; gives what the exit status says. @throws CliError E_IO */
export function inspectSegment(path: string, options: SegmentOptions): ExitClass {
  return OpenedFile.with(path, (file) => {
    const { out } = options;
    const { style, width, noHeader } = out.options;
    const columns = options.messages ? messageColumns : batchColumns;
    const table = new StreamTable(columns, { style, width, noHeader });
    const view = new SegmentView(path, table, options);
    for (const item of walkSegment(file, startOffsetOf(path))) {
      if (options.isStopped()) break;
      view.show(item);
    }
    if (out.options.format === 'table') out.raw(table.head());
    return view.isDamaged ? 'malformed' : view.isCut ? 'incomplete' : 'ok';
  });
}

class SegmentView {
  isDamaged = false;
  isCut = false;
  #shown = 0;
  readonly #path: string;
  readonly #table: StreamTable;
  readonly #options: SegmentOptions;

  constructor(path: string, table: StreamTable, options: SegmentOptions) {
    this.#path = path;
    this.#table = table;
    this.#options = options;
  }

  show(item: SegmentItem): void {
    if (item.kind === 'batch') this.#batch(item);
    else if (item.kind === 'padding') {
      this.#note(`${item.length} bytes at ${item.offset} are allocated and not used yet`, 'dim');
    } else {
      this.#note(problemText(item), item.kind === 'cut' ? 'warn' : 'bad');
      if (item.kind === 'cut') this.isCut = true;
      else this.isDamaged = true;
    }
  }

  #note(text: string, tone: 'dim' | 'warn' | 'bad'): void {
    const { out } = this.#options;
    if (!out.isJson) out.raw(this.#table.note(text, tone));
    else if (tone !== 'dim') process.stderr.write(`warning: ${text}\n`);
  }

  #batch(item: SegmentBatchItem): void {
    if (item.problem !== undefined) this.isDamaged = true;
    if (this.#options.messages && this.#messages(item)) return;
    if (this.#isFull) return;
    const { header, number, length } = item;
    const { out } = this.#options;
    const verdict = item.problem === undefined ? 'ok' : `MISMATCH: ${item.problem}`;
    if (out.isJson) out.event('inspect.segment.batch', batchFields(this.#path, item), '');
    else if (this.#options.messages) this.#note(`batch ${number}: ${verdict}`, 'bad');
    else {
      const { baseOffset, messageCount, baseTimestamp, originTimestamp } = header;
      const times = [baseTimestamp, originTimestamp].map((at) => humanTime(at) ?? String(at));
      out.raw(this.#table.row([number, baseOffset, messageCount, length, verdict, ...times]));
    }
  }

  get #isFull(): boolean {
    this.#shown += 1;
    return this.#shown > this.#options.limit;
  }

  /** False when the messages cannot be told apart. */
  #messages({ bytes, offset, number }: SegmentBatchItem): boolean {
    let messages: ReturnType<typeof readMessages>;
    try {
      messages = readMessages(bytes);
    } catch {
      return false;
    }
    const { out } = this.#options;
    for (const message of messages) {
      if (this.#isFull) return true;
      const { id, timestamp, payload, checksum, userHeaders } = message;
      if (!out.isJson) {
        const time = humanTime(timestamp) ?? String(timestamp);
        const text = payloadText(payload);
        const sum = checksum.toString(16).padStart(16, '0').slice(0, 8);
        const cells = [message.offset, time, payload.length, sum, text, String(id)];
        out.raw(this.#table.row(cells));
        continue;
      }
      const fields = {
        ...{ batch: number, offset: BigInt(message.offset), id },
        ...{ timestamp: isoTime(timestamp) ?? null, checksum: hex128(checksum) },
        ...{ payload_hex: toHex(payload) },
        ...{ origin_timestamp: isoTime(message.originTimestamp) ?? null },
        headers_hex: toHex(userHeaders),
      };
      const place = { file: this.#path, offset: BigInt(offset), length: payload.length };
      const value = { ...place, fields, checks: {}, warnings: [] };
      out.event('inspect.segment.message', value, '');
    }
    return true;
  }
}

function batchFields(path: string, item: SegmentBatchItem) {
  const { header, offset, length, number, problem } = item;
  return {
    ...{ file: path, offset: BigInt(offset), length },
    fields: {
      ...{ batch: number, partition: header.partitionId, base_offset: BigInt(header.baseOffset) },
      ...{ count: header.messageCount, timestamp: isoTime(header.baseTimestamp) ?? null },
      origin_timestamp: isoTime(header.originTimestamp) ?? null,
      checksum: hex128(header.checksum),
    },
    checks: { checksum: problem === undefined ? 'ok' : 'mismatch' },
    warnings: problem === undefined ? [] : [problem],
  };
}

const longestText = 48;

function payloadText(payload: Uint8Array): string {
  const head = payload.subarray(0, longestText);
  const text = new TextDecoder().decode(head);
  const isText = !text.includes('\ufffd');
  const shown = isText ? text : toHex(head.subarray(0, 16));
  return payload.length > longestText ? `${shown}…` : shown;
}
