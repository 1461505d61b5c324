import { encodeUtf8, getU16, getU32, isZeroBytes, once } from '../../base/index.js';
import type {
  Check,
  Checks,
  FrameView,
  MaskedRange,
  NamedCode,
  OperationView,
  Verdict,
} from '../../decoder/index.js';
import type { Codec } from '../../wire/index.js';
import { isoTime } from '../human.js';
import { type JsonBytes, memberBytes } from './json-bytes.js';
import { snakeName, writeValue } from './json-value.js';

/** What of a frame is written. */
export interface FrameJsonOptions {
  /** Byte ranges of the frame to mask; empty with `--show-secrets`. */
  readonly masked: readonly MaskedRange[];
  readonly showSecrets: boolean;
  readonly only: 'header' | 'body' | undefined;
  /** Members to keep: top-level keys, header fields, `body.…` paths; undefined = all. */
  readonly fields: ReadonlySet<string> | undefined;
}

const noKeys: ReadonlySet<string> = new Set();
/** Names of members that every frame has, in bytes; text output needs none of them. */
const keys = once(() => ({
  ambiguous: memberBytes('ambiguous'),
  pair: memberBytes('pair'),
  latency_us: memberBytes('latency_us'),
  missing_bytes: memberBytes('missing_bytes'),
  offset: memberBytes('offset'),
  length: memberBytes('length'),
  framing: memberBytes('framing'),
  direction: memberBytes('direction'),
  time: memberBytes('time'),
  flow: memberBytes('flow'),
  header: memberBytes('header'),
  operation: memberBytes('operation'),
  body: memberBytes('body'),
  body_hex: memberBytes('body_hex'),
  checks: memberBytes('checks'),
  results: memberBytes('results'),
  readings: memberBytes('readings'),
  input: memberBytes('input'),
}));
const maskPair = new Uint8Array([0xc2, 0xb7, 0xc2, 0xb7]);

/** One frame as a JSON object, in the fixed order of its members, without a newline. */
export function writeFrameJson(out: JsonBytes, view: FrameView, options: FrameJsonOptions): void {
  const { only, fields } = options;
  const wants = (name: string): boolean => fields === undefined || fields.has(name);
  out.ascii('{"kind":"frame","v":1,"index":');
  out.integer(view.index);
  if (fields === undefined) writePlace(out, view);
  else writeChosenPlace(out, view, fields);
  if (wants('command')) writeNamed(out, 'command', view.command);
  if (only !== 'body') writeHeader(out, view, fields);
  if (wants('operation')) writeOperation(out, view);
  if (only !== 'header') writeBody(out, view, options);
  if (wants('checks')) writeChecks(out, view);
  if (fields === undefined && isOrdinary(view)) out.raw(ordinaryEnd);
  else writeFindings(out, view, wants);
  if (wants('input')) writeInput(out, view);
  out.byte(0x7d);
}

/** Most frames have nothing to report: what follows the checks is then always the same. */
function isOrdinary(view: FrameView): boolean {
  return (
    view.warnings.length + view.problems.length + view.readings.length === 0 &&
    (view.status ?? view.reason ?? view.body.results ?? view.pair) === undefined &&
    view.length === view.bytes.length
  );
}

const ordinaryEnd = encodeUtf8(
  ',"warnings":[],"ambiguous":false,"problems":[],"status":null,"reason":null,"results":null' +
    ',"readings":[],"pair":null,"latency_us":null,"missing_bytes":0',
);

function writeFindings(out: JsonBytes, view: FrameView, wants: (name: string) => boolean): void {
  if (wants('warnings')) writeTexts(out, 'warnings', view.warnings);
  if (wants('ambiguous')) {
    out.raw(keys().ambiguous);
    out.ascii(view.readings.length > 0 ? 'true' : 'false');
  }
  if (wants('problems')) writeTexts(out, 'problems', view.problems);
  if (wants('status')) writeNamed(out, 'status', view.status);
  if (wants('reason')) writeNamed(out, 'reason', view.reason);
  if (wants('results')) writeResults(out, view);
  if (wants('readings')) writeReadings(out, view);
  if (wants('pair')) {
    out.raw(keys().pair);
    writeOptional(out, view.pair?.request);
  }
  if (wants('latency_us')) {
    out.raw(keys().latency_us);
    writeOptional(out, view.pair?.latencyMicros);
  }
  if (wants('missing_bytes')) {
    out.raw(keys().missing_bytes);
    out.integer(Math.max(0, view.length - view.bytes.length));
  }
}

function writeOptional(out: JsonBytes, value: number | undefined): void {
  if (value === undefined) out.ascii('null');
  else out.integer(value);
}

function writeText(out: JsonBytes, text: string | undefined): void {
  if (text === undefined) out.ascii('null');
  else out.string(text);
}

function writePlace(out: JsonBytes, view: FrameView): void {
  out.raw(keys().offset);
  out.integer(view.offset);
  out.raw(keys().length);
  out.integer(view.length);
  out.raw(keys().framing);
  out.string(view.family);
  out.raw(keys().direction);
  writeText(out, view.direction);
  out.raw(keys().time);
  writeText(out, timeText(view));
  out.raw(keys().flow);
  writeText(out, view.source.flow);
}

function writeChosenPlace(out: JsonBytes, view: FrameView, fields: ReadonlySet<string>): void {
  const texts: readonly (readonly [string, number | string | undefined])[] = [
    ['offset', view.offset],
    ['length', view.length],
    ['framing', view.family],
    ['direction', view.direction],
    ['time', timeText(view)],
    ['flow', view.source.flow],
  ];
  for (const [name, value] of texts) {
    if (!fields.has(name)) continue;
    out.raw(memberBytes(name));
    if (typeof value === 'number') out.integer(value);
    else writeText(out, value);
  }
}

/** A time of day alone is no point in time. */
function timeText(view: FrameView): string | undefined {
  const { timeMicros } = view;
  return timeMicros === undefined || view.source.clockOnly ? undefined : isoTime(timeMicros);
}

const namedCodes = new WeakMap<NamedCode, Uint8Array>();

/** Names of commands and operations are shared objects, so their text is made once. */
function writeNamed(out: JsonBytes, name: string, value: NamedCode | undefined): void {
  out.raw(memberBytes(name));
  if (value === undefined) {
    out.ascii('null');
    return;
  }
  let text = namedCodes.get(value);
  if (text === undefined) {
    text = encodeUtf8(JSON.stringify({ code: value.code, name: value.name }));
    namedCodes.set(value, text);
  }
  out.raw(text);
}

interface HeaderField {
  readonly name: string;
  readonly key: Uint8Array;
  /** The same without the comma in front. */
  readonly firstKey: Uint8Array;
  readonly offset: number;
  readonly size: number;
  readonly kind: 'number' | 'u64' | 'u128' | 'bytes' | 'reserved';
}

const headerFields = new WeakMap<Codec<unknown>, readonly HeaderField[]>();

function fieldsOf(codec: Codec<unknown>): readonly HeaderField[] {
  let found = headerFields.get(codec);
  if (found === undefined) {
    found = layOut(codec);
    headerFields.set(codec, found);
  }
  return found;
}

function layOut(codec: Codec<unknown>): readonly HeaderField[] {
  const fields: HeaderField[] = [];
  let offset = 0;
  for (const field of codec.shape.kind === 'struct' ? codec.shape.fields : []) {
    const size = field.codec.size ?? 0;
    const { kind: shape } = field.codec.shape;
    const isNumber = shape === 'number' || shape === 'enum';
    const big = size === 16 ? 'u128' : 'u64';
    const wide = shape === 'bigint' ? big : 'bytes';
    const kind = shape === 'reserved' ? 'reserved' : isNumber ? 'number' : wide;
    const name = snakeName(field.name);
    const key = memberBytes(name);
    fields.push({ name, key, firstKey: key.subarray(1), offset, size, kind });
    offset += size;
  }
  return fields;
}

function writeHeader(
  out: JsonBytes,
  view: FrameView,
  fields: ReadonlySet<string> | undefined,
): void {
  const all = fields === undefined || fields.has('header');
  const known = fieldsOf(view.header.codec);
  const list = all ? known : known.filter((field) => isChosen(field.name, fields));
  if (!all && list.length === 0) return;
  out.raw(keys().header);
  out.byte(0x7b);
  let first = true;
  for (const field of list) {
    const { offset, size, kind } = field;
    // Zeros where zeros belong say nothing.
    if (kind === 'reserved' && isZeroBytes(view.bytes, offset, offset + size)) continue;
    // The first name has no comma in front of it.
    out.raw(first ? field.firstKey : field.key);
    first = false;
    writeHeaderField(out, view.bytes, field);
  }
  out.byte(0x7d);
}

/** Names that a frame has at its top mean those, unless `header.` stands in front. */
const topNames: ReadonlySet<string> = new Set(['command', 'operation', 'status', 'reason']);

function isChosen(name: string, fields: ReadonlySet<string>): boolean {
  return fields.has(`header.${name}`) || (fields.has(name) && !topNames.has(name));
}

function writeHeaderField(out: JsonBytes, bytes: Uint8Array, field: HeaderField): void {
  const { offset, size, kind } = field;
  if (kind === 'u64') out.u64(bytes, offset);
  else if (kind === 'u128') out.hex128(bytes, offset);
  else if (kind === 'number') {
    if (size === 4) out.integer(getU32(bytes, offset));
    else out.integer(size === 2 ? getU16(bytes, offset) : (bytes[offset] ?? 0));
  } else {
    out.byte(0x22);
    out.hex(bytes, offset, offset + size);
    out.byte(0x22);
  }
}

const operationTexts = new WeakMap<OperationView, Uint8Array>();

function writeOperation(out: JsonBytes, view: FrameView): void {
  const { operation } = view;
  out.raw(keys().operation);
  if (operation === undefined) {
    out.ascii('null');
    return;
  }
  let text = operationTexts.get(operation);
  if (text === undefined) {
    const { code, name, plane, replicated, command = null } = operation;
    text = encodeUtf8(JSON.stringify({ code, name, plane, replicated, command }));
    operationTexts.set(operation, text);
  }
  out.raw(text);
}

function writeBody(out: JsonBytes, view: FrameView, options: FrameJsonOptions): void {
  const { fields } = options;
  const { body } = view;
  const secretKeys = options.showSecrets ? noKeys : body.secretKeys;
  if (fields === undefined || fields.has('body')) {
    out.raw(keys().body);
    writeValue(out, body.value ?? null, { secretKeys });
  } else writeChosenBody(out, view, { fields, secretKeys });
  if (fields === undefined || fields.has('body_hex')) {
    out.raw(keys().body_hex);
    out.byte(0x22);
    let at = body.start;
    for (const range of options.masked) {
      const start = Math.max(at, range.start);
      const end = Math.min(body.end, range.end);
      out.hex(view.bytes, at, start);
      for (let i = start; i < end; i++) out.raw(maskPair);
      at = Math.max(start, end);
    }
    out.hex(view.bytes, at, body.end);
    out.byte(0x22);
  }
}

function writeChosenBody(
  out: JsonBytes,
  view: FrameView,
  options: { readonly fields: ReadonlySet<string>; readonly secretKeys: ReadonlySet<string> },
): void {
  const value = view.body.value;
  if (typeof value !== 'object' || value === null) return;
  const kept = Object.entries(value).filter(([key]) =>
    options.fields.has(`body.${snakeName(key)}`),
  );
  if (kept.length === 0) return;
  out.raw(keys().body);
  writeValue(out, Object.fromEntries(kept), options);
}

const verdictTexts = new Map<number, Uint8Array>();

function writeChecks(out: JsonBytes, view: FrameView): void {
  const { checks } = view;
  out.raw(keys().checks);
  out.raw(verdictsText(checks));
  let first = true;
  for (const name of ['frame', 'body', 'batch'] as const) {
    const check = checks[name];
    if (check.verdict !== 'mismatch') continue;
    if (!first) out.byte(0x2c);
    first = false;
    writeMismatch(out, name, check);
  }
  out.ascii(']}');
}

const verdictNumbers: Readonly<Record<Verdict, number>> = {
  none: 0,
  ok: 1,
  mismatch: 2,
  unsealed: 3,
  skipped: 4,
  nonzero: 5,
};

/** The verdicts as the start of an object; few combinations occur, so each is encoded once. */
function verdictsText({ frame, body, reserved, batch, commit }: Checks): Uint8Array {
  let all = verdictNumbers[frame.verdict];
  all = all * 8 + verdictNumbers[body.verdict];
  all = all * 8 + verdictNumbers[reserved.verdict];
  all = all * 8 + verdictNumbers[batch.verdict];
  all = all * 8 + verdictNumbers[commit.verdict];
  let text = verdictTexts.get(all);
  if (text === undefined) {
    const verdicts = {
      frame: frame.verdict,
      body: body.verdict,
      reserved: reserved.verdict,
      batch: batch.verdict,
      commit: commit.verdict,
    };
    text = encodeUtf8(`${JSON.stringify(verdicts).slice(0, -1)},"mismatches":[`);
    verdictTexts.set(all, text);
  }
  return text;
}

function writeMismatch(out: JsonBytes, name: string, check: Check): void {
  const hash = (value: bigint | undefined): string =>
    value === undefined ? 'null' : `"0x${value.toString(16).padStart(32, '0')}"`;
  out.ascii(`{"check":"${name}","expected":${hash(check.expected)},"found":${hash(check.found)}}`);
}

function writeTexts(out: JsonBytes, name: string, texts: readonly string[]): void {
  out.raw(memberBytes(name));
  out.byte(0x5b);
  for (let i = 0; i < texts.length; i++) {
    if (i > 0) out.byte(0x2c);
    out.string(texts[i] ?? '');
  }
  out.byte(0x5d);
}

function writeResults(out: JsonBytes, view: FrameView): void {
  const { results } = view.body;
  out.raw(keys().results);
  writeValue(out, results ?? null, { secretKeys: noKeys });
}

function writeReadings(out: JsonBytes, view: FrameView): void {
  out.raw(keys().readings);
  const readings = view.readings.map(({ family, command, requestId, bodySize }) => ({
    ...{ framing: family, command, request_id: requestId ?? null, body_bytes: bodySize },
  }));
  writeValue(out, readings, { secretKeys: noKeys });
}

function writeInput(out: JsonBytes, view: FrameView): void {
  out.raw(keys().input);
  out.ascii('{"form":');
  out.string(view.source.form);
  out.ascii(',"file":');
  writeText(out, view.source.file);
  out.byte(0x7d);
}
