import { decodeUtf8, isIggyctlError, toHex } from '../../base/index.js';
import { isoTime } from '../../render/index.js';
import type { StoredMessage, UserHeader } from '../../wire/index.js';
import type { Fields, ListColumn } from '../output/result.js';
import { hex128, shortTime } from '../output/wire-values.js';

/** How payloads are shown to people. */
export type PayloadForm = 'auto' | 'utf8' | 'hex' | 'base64';

/** Where a message was read. */
export interface MessagePlace {
  readonly stream: string;
  readonly topic: string;
  readonly partition: number;
}

/** A message as it is shown; `headers` are its decoded user headers. */
export function messageFields(
  place: MessagePlace,
  message: StoredMessage,
  headers: readonly UserHeader[],
) {
  const { payload } = message;
  const text = textOf(payload);
  return {
    stream: place.stream,
    topic: place.topic,
    partition: place.partition,
    offset: BigInt(message.offset),
    id: hex128(message.id),
    timestamp: isoTime(message.timestamp) ?? null,
    origin_timestamp: isoTime(message.originTimestamp) ?? null,
    length: payload.length,
    checksum: `0x${message.checksum.toString(16).padStart(32, '0')}`,
    payload_text: text ?? null,
    payload_json: text === undefined ? null : jsonOf(text),
    payload_hex: toHex(payload),
    headers: headers.map(({ key, value }) => ({
      key: String(key.value),
      key_kind: String(key.kind),
      kind: String(value.kind),
      value: value.value instanceof Uint8Array ? toHex(value.value) : String(value.value),
    })),
  } satisfies Fields;
}

export type MessageFields = ReturnType<typeof messageFields>;

/** The columns of polled messages. */
export function messageColumns(form: PayloadForm): readonly ListColumn<MessageFields>[] {
  return [
    { key: 'partition', title: 'Partition', align: 'right' },
    { key: 'offset', title: 'Offset', align: 'right' },
    { key: 'timestamp', title: 'Timestamp', cell: (each) => shortTime(each.timestamp) },
    { key: 'id', title: 'ID', wide: true },
    { key: 'length', title: 'Length', align: 'right' },
    { key: 'payload_text', title: 'Payload', cell: (each) => payloadText(each, form) },
    { key: 'headers', title: 'Headers', wide: true, cell: headerText },
  ];
}

function payloadText({ payload_text: text, payload_hex: hex }: MessageFields, form: PayloadForm) {
  if (form === 'hex') return hex;
  if (form === 'base64') return Buffer.from(hex, 'hex').toString('base64');
  return text ?? hex;
}

function headerText({ headers }: MessageFields): string {
  return headers.map(({ key, value }) => `${key}=${value}`).join(' ');
}

function textOf(payload: Uint8Array): string | undefined {
  try {
    return decodeUtf8(payload, 0, payload.length);
  } catch (error) {
    if (isIggyctlError(error)) return undefined;
    throw error;
  }
}

function jsonOf(text: string): Fields[string] {
  if (!/^\s*[[{]/.test(text)) return null;
  try {
    return JSON.parse(text) as Fields[string];
  } catch {
    return null;
  }
}
