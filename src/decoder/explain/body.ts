import { getU32 } from '../../base/index.js';
import { type Codec, codec, isWireError, Reader, type WireError } from '../../wire/index.js';
import { errorName } from '../error-names.js';
import type { BodyLayout } from './body-layout.js';
import type { BodyPart, BodyView, ResultEntry } from './frame-view.js';
import { secretKeysOf } from './secrets.js';

const { array, field, struct, u32 } = codec;

const resultEntry = struct('Result', {
  index: field(u32, 'Always 0.'),
  result: field(
    { ...u32, type: 'error:u32', display: (value: number) => errorName(value) },
    'Error code.',
  ),
});

/** The section in front of the payload of a metadata reply. */
const resultSection = struct('ResultSection', {
  results: field(array(u32, resultEntry), 'No entries = success.'),
});

const mostEntries = 1024;
const noKeys: ReadonlySet<string> = new Set();

/** A decoded body and what is wrong with it. */
export interface DecodedBody {
  readonly view: BodyView;
  readonly problem: string | undefined;
  readonly warning: string | undefined;
}

/** A body that is not decoded, because it is not whole or nothing is known about it. */
export function plainBody(layout: BodyLayout, start: number, end: number): BodyView {
  return {
    ...{ layout: layout.name, start, end, parts: [], value: undefined, secretKeys: noKeys },
    ...{ hidden: layout.secret && end > start, results: undefined, note: layout.note },
  };
}

/** Decodes the body `bytes[start..]` of a whole frame. */
export function decodeBody(layout: BodyLayout, bytes: Uint8Array, start: number): DecodedBody {
  const plain = plainBody(layout, start, bytes.length);
  const section = layout.resultFramed ? readResults(bytes, start) : undefined;
  if (section === 'malformed') {
    return { view: plain, problem: 'the result section is cut off', warning: undefined };
  }
  const parts: BodyPart[] = [];
  let at = start;
  if (section !== undefined) {
    parts.push({ codec: resultSection, start, end: section.end });
    at = section.end;
    if (section.failed) {
      const value = failureValue(section.entries);
      const view = { ...plain, layout: 'refusal', parts, value, results: section.entries };
      return { view, problem: undefined, warning: trailing(bytes.length - at) };
    }
  }
  const results = section?.entries;
  if (layout.codecs.length === 0) {
    return { view: { ...plain, parts, results }, problem: undefined, warning: undefined };
  }
  return decodePayload(layout, bytes, { at, plain, parts, results });
}

function decodePayload(
  layout: BodyLayout,
  bytes: Uint8Array,
  state: {
    readonly at: number;
    readonly plain: BodyView;
    readonly parts: readonly BodyPart[];
    readonly results: readonly ResultEntry[] | undefined;
  },
): DecodedBody {
  const { at, plain, results } = state;
  let first: WireError | undefined;
  for (const candidate of layout.codecs) {
    const read = tryDecode(candidate, bytes, at);
    if (isWireError(read)) {
      first ??= read;
      continue;
    }
    const left = bytes.length - read.end;
    const parts = [...state.parts, { codec: candidate, start: at, end: read.end }];
    const view: BodyView = {
      ...plain,
      ...{ layout: nameOf(layout, candidate), parts, value: read.value, results },
      ...{ secretKeys: secretKeysOf(candidate), hidden: false },
    };
    const problem = left > 0 && !layout.allowTrailing ? trailing(left) : undefined;
    return { view, problem, warning: problem === undefined ? trailing(left) : undefined };
  }
  const [candidate] = layout.codecs;
  const secretKeys = candidate === undefined ? noKeys : secretKeysOf(candidate);
  const part = { codec: candidate ?? resultSection, start: at, end: bytes.length };
  const parts = [...state.parts, part];
  const view = { ...plain, parts, results, secretKeys, note: 'it cannot be decoded' };
  return { view, problem: `the body: ${first?.message ?? ''}`, warning: undefined };
}

function nameOf(layout: BodyLayout, chosen: Codec<unknown>): string {
  return layout.codecs.length > 1 ? chosen.type : layout.name;
}

function trailing(count: number): string | undefined {
  return count > 0 ? `${count} bytes follow the body` : undefined;
}

function tryDecode(candidate: Codec<unknown>, bytes: Uint8Array, start: number) {
  const reader = new Reader(bytes, undefined, start);
  try {
    const value = candidate.read(reader);
    return { value, end: reader.offset };
  } catch (error) {
    if (isWireError(error)) return error;
    throw error;
  }
}

/**
 * The result section of a reply body.
 * @source Iggy consensus protocol, result section
 */
function readResults(bytes: Uint8Array, start: number) {
  const room = bytes.length - start;
  if (room < 4) return 'malformed';
  const count = getU32(bytes, start);
  if (count === 0) return { entries: [], end: start + 4, failed: false };
  const end = start + 4 + 8 * count;
  if (end > bytes.length) return 'malformed';
  const entries: ResultEntry[] = [];
  for (let i = 0; i < Math.min(count, mostEntries); i++) {
    const at = start + 4 + 8 * i;
    const result = getU32(bytes, at + 4);
    entries.push({ index: getU32(bytes, at), result, name: errorName(result) });
  }
  return { entries, end, failed: entries[0]?.result !== 0 };
}

function failureValue(entries: readonly ResultEntry[]): unknown {
  const [first] = entries;
  return { count: entries.length, index: first?.index, result: first?.result, results: entries };
}
