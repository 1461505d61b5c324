import { getU32 } from '../../base/index.js';
import { type Codec, codec, Reader, WireError } from '../../wire/index.js';
import { errorName } from '../error-names.js';
import type { BodyLayout } from './body-layout.js';
import type { BodyPart, BodyView, ResultEntry } from './frame-view.js';
import { withMessageFacts } from './message-facts.js';
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
const noParts: readonly BodyPart[] = [];

/** A decoded body and what is wrong with it. */
export interface DecodedBody {
  readonly view: BodyView;
  readonly problem: string | undefined;
  readonly warning: string | undefined;
}

function mayHoldSecrets(layout: BodyLayout): boolean {
  return layout.secret || layout.codecs.some((each) => secretKeysOf(each).size > 0);
}

/** A body that is not decoded, because it is not whole or nothing is known about it. */
export function plainBody(layout: BodyLayout, start: number, end: number): BodyView {
  return {
    layout: layout.name,
    start,
    end,
    parts: noParts,
    value: undefined,
    secretKeys: noKeys,
    hidden: end > start && mayHoldSecrets(layout),
    results: undefined,
    note: layout.note,
  };
}

/** Decodes the body `bytes[start..]` of a whole frame. */
export function decodeBody(layout: BodyLayout, bytes: Uint8Array, start: number): DecodedBody {
  if (!layout.resultFramed) {
    return decodePayload(layout, bytes, { start, at: start, parts: noParts, results: undefined });
  }
  const section = readResults(bytes, start);
  const plain = plainBody(layout, start, bytes.length);
  if (section === 'malformed') {
    return { view: plain, problem: 'the result section is cut off', warning: undefined };
  }
  const { entries, end } = section;
  const parts: readonly BodyPart[] = [{ codec: resultSection, start, end }];
  if (!section.failed)
    return decodePayload(layout, bytes, { start, at: end, parts, results: entries });
  const value = failureValue(entries);
  const known = { layout: 'refusal', parts, value, results: entries, hidden: false };
  const view = { ...plain, ...known };
  return { view, problem: undefined, warning: trailing(bytes.length - end) };
}

interface PayloadState {
  /** Start of the body. */
  readonly start: number;
  /** Start of the payload. */
  readonly at: number;
  /** What precedes the payload. */
  readonly parts: readonly BodyPart[];
  readonly results: readonly ResultEntry[] | undefined;
}

// Object literals rather than spreads: this is done once for every frame of a stream.
function decodePayload(layout: BodyLayout, bytes: Uint8Array, state: PayloadState): DecodedBody {
  const { start, at, results } = state;
  const end = bytes.length;
  let first: WireError | undefined;
  for (const candidate of layout.codecs) {
    const reader = new Reader(bytes, undefined, at);
    const value = tryRead(candidate, reader);
    if (value instanceof WireError) {
      first ??= value;
      continue;
    }
    const part = { codec: candidate, start: at, end: reader.offset };
    const view: BodyView = {
      layout: nameOf(layout, candidate),
      start,
      end,
      parts: state.parts === noParts ? [part] : [...state.parts, part],
      value: withMessageFacts(value),
      secretKeys: secretKeysOf(candidate),
      hidden: false,
      results,
      note: undefined,
    };
    const left = trailing(end - reader.offset);
    const allowed = layout.allowTrailing;
    return { view, problem: allowed ? undefined : left, warning: allowed ? left : undefined };
  }
  const plain = plainBody(layout, start, end);
  const [candidate] = layout.codecs;
  if (candidate === undefined) {
    const view = { ...plain, parts: state.parts, results };
    return { view, problem: undefined, warning: undefined };
  }
  const parts = [...state.parts, { codec: candidate, start: at, end }];
  const secretKeys = secretKeysOf(candidate);
  const view = { ...plain, parts, results, secretKeys, note: 'it cannot be decoded' };
  return { view, problem: `the body: ${first?.message ?? ''}`, warning: undefined };
}

function nameOf(layout: BodyLayout, chosen: Codec<unknown>): string {
  if (layout.codecs.length === 1) return layout.name;
  return chosen.type.replace(/(?!^)[A-Z]/g, '_$&').toLowerCase();
}

function trailing(count: number): string | undefined {
  return count > 0 ? `${count} bytes follow the body` : undefined;
}

function tryRead(candidate: Codec<unknown>, reader: Reader): unknown {
  try {
    return candidate.read(reader);
  } catch (error) {
    if (error instanceof WireError) return error;
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
