import { decodeUtf8, isIggyctlError, toHex } from '../../base/index.js';
import { isoTime } from '../../render/index.js';
import type { StoredMessage, UserHeader } from '../../wire/index.js';
import { usageError } from '../cli-error.js';
import { nearest } from '../nearest.js';
import type { Fields, ListColumn } from '../output/result.js';
import { shortTime } from '../output/wire-values.js';

/** How payloads are shown to people. */
export const payloadForms = ['auto', 'utf8', 'json', 'hex', 'base64', 'raw'] as const;
export type PayloadForm = (typeof payloadForms)[number];

/** Columns that are shown on request. */
const extraColumns = ['headers', 'id', 'checksum', 'origin', 'key'] as const;
type ExtraColumn = (typeof extraColumns)[number];

/** Reads `--show headers,id`. @throws CliError E_USAGE */
export function parseShow(text: string | undefined): readonly ExtraColumn[] {
  if (text === undefined) return [];
  return text.split(',').map((part) => {
    const name = part.trim();
    const found = extraColumns.find((each) => each === name);
    if (found !== undefined) return found;
    const near = nearest(name, extraColumns);
    const help = near === undefined ? `known: ${extraColumns.join(', ')}` : `did you mean ${near}?`;
    throw usageError(`--show: there is no column "${name}"; ${help}`);
  });
}

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
    id: message.id,
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

/** On a narrower terminal an id of up to 39 digits would leave nothing of the payload. */
const widthForIds = 110;

/** The columns of polled messages on a terminal of `width` columns; 0 = not a terminal. */
export function messageColumns(
  form: PayloadForm,
  asked: readonly ExtraColumn[],
  width: number,
): readonly ListColumn<MessageFields>[] {
  const shown = width > 0 && width < widthForIds ? asked : [...asked, 'id'];
  const wide = (name: ExtraColumn) => (shown.includes(name) ? {} : { wide: true });
  return [
    { key: 'partition', title: 'Partition', align: 'right' },
    { key: 'offset', title: 'Offset', align: 'right' },
    { key: 'timestamp', title: 'Timestamp', cell: (each) => shortTime(each.timestamp) },
    {
      key: 'origin_timestamp',
      title: 'Origin',
      cell: (each) => shortTime(each.origin_timestamp),
      ...wide('origin'),
    },
    { key: 'id', title: 'ID', align: 'right', ...wide('id') },
    { key: 'checksum', title: 'Checksum', ...wide('checksum') },
    { key: 'length', title: 'Length', align: 'right' },
    { key: 'headers', title: 'Headers', cell: headerText, ...wide('headers') },
    { key: 'payload_text', title: 'Payload', cell: (each) => payloadText(each, form) },
  ];
}

/** The payload as text, in the form that was asked for. */
export function payloadText(message: MessageFields, form: PayloadForm): string {
  const { payload_text: text, payload_json: json, payload_hex: hex } = message;
  if (form === 'hex') return hex;
  if (form === 'base64') return Buffer.from(hex, 'hex').toString('base64');
  if (form === 'json' && json !== null) return JSON.stringify(json);
  if (form === 'utf8') return payloadBytes(message).toString('utf8');
  return text ?? hex;
}

/** The payload as it was sent. */
export function payloadBytes({ payload_hex: hex }: MessageFields): Buffer {
  return Buffer.from(hex, 'hex');
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
