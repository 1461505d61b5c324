import { printable } from '../../render/index.js';
import { decodeUserHeaders, type StoredMessage } from '../../wire/index.js';
import { listText } from '../output/formats.js';
import type { ResultWriter } from '../output/result-writer.js';
import { shortTime } from '../output/wire-values.js';
import type { TopicTarget } from '../topic/topic-target.js';
import { compileMessageFilter } from './message-filter.js';
import { compileFormat, type MessageFormat } from './message-format.js';
import {
  type MessageFields,
  messageColumns,
  messageFields,
  type PayloadForm,
  parseShow,
  payloadBytes,
  payloadText,
} from './message-result.js';

/** How messages are printed. */
export interface PrintFlags {
  readonly payload: string;
  readonly format?: string | undefined;
  readonly filter?: string | undefined;
  readonly show?: string | undefined;
}

const recordFormats: ReadonlySet<string> = new Set(['csv', 'plain', 'list', 'name']);

/** Makes lines of messages, one by one as they come. */
export class MessagePrinter {
  readonly #out: ResultWriter;
  readonly #target: TopicTarget;
  readonly #form: PayloadForm;
  readonly #format: MessageFormat | undefined;
  readonly #keep: ((message: MessageFields) => boolean) | undefined;
  readonly #asked: ReturnType<typeof parseShow>;
  /** A header line was written. */
  #isBegun = false;

  /** @throws CliError E_USAGE for a format, filter or column that cannot be read */
  constructor(out: ResultWriter, target: TopicTarget, flags: PrintFlags) {
    this.#out = out;
    this.#target = target;
    this.#form = flags.payload as PayloadForm;
    this.#keep = compileMessageFilter(flags.filter);
    this.#asked = parseShow(flags.show);
    const own = flags.format === undefined ? undefined : compileFormat(flags.format, this.#form);
    this.#format = own ?? (this.#form === 'raw' ? payloadBytes : undefined);
  }

  /** Prints a message; false = the filter is against it. */
  print(partition: number, message: StoredMessage): boolean {
    const line = this.line(partition, message);
    if (line !== undefined) this.#out.raw(line);
    return line !== undefined;
  }

  /** A message as it is printed; nothing when the filter is against it. */
  line(partition: number, message: StoredMessage): string | Uint8Array | undefined {
    const { stream_id: stream, topic_id: topic } = this.#target;
    const place = { stream: String(stream), topic: String(topic), partition };
    const fields = messageFields(place, message, decodeUserHeaders(message.userHeaders));
    if (this.#keep?.(fields) === false) return undefined;
    if (!this.#out.isJson && this.#format !== undefined) return this.#format(fields);
    if (!this.#out.isJson && this.#isRecord) return this.#record(fields);
    return this.#out.eventLine('message', fields, this.#text(fields));
  }

  /** Formats for programs, and columns that were chosen, are those of a list. */
  get #isRecord(): boolean {
    const { quiet, format, columns } = this.#out.options;
    return quiet || columns !== undefined || recordFormats.has(format);
  }

  #record(fields: MessageFields): string {
    const { options } = this.#out;
    const columns = messageColumns(this.#form, this.#asked, 0);
    const list = { kind: 'message', items: [fields], columns, nameKey: 'offset', idKey: 'offset' };
    const text = listText(list, { ...options, noHeader: options.noHeader || this.#isBegun });
    this.#isBegun = true;
    return text;
  }

  #text(fields: MessageFields): string {
    const text = payloadText(fields, this.#form);
    const payload = this.#out.isTerminal ? printable(text) : text;
    const parts = [
      `${fields.partition}/${fields.offset}`,
      shortTime(fields.timestamp),
      ...(this.#asked.includes('id') ? [String(fields.id)] : []),
      ...(this.#asked.includes('checksum') ? [fields.checksum] : []),
      ...(this.#asked.includes('origin') ? [shortTime(fields.origin_timestamp)] : []),
      ...(this.#asked.includes('headers')
        ? [fields.headers.map(({ key, value }) => `${key}=${value}`).join(' ')]
        : []),
      payload,
    ];
    return parts.join('  ');
  }
}
