import { annotate, type Codec, type Span } from '../../wire/index.js';
import type { BodyView, FrameView } from './frame-view.js';

const known = new WeakMap<Codec<unknown>, ReadonlySet<string>>();
const noKeys: ReadonlySet<string> = new Set();

/** Names of the members of a structure whose values must be masked, at any depth. */
export function secretKeysOf(codec: Codec<unknown>): ReadonlySet<string> {
  let keys = known.get(codec);
  if (keys === undefined) {
    const found = new Set<string>();
    collect(codec, found, new Set());
    keys = found.size === 0 ? noKeys : found;
    known.set(codec, keys);
  }
  return keys;
}

function collect(codec: Codec<unknown>, found: Set<string>, seen: Set<Codec<unknown>>): void {
  if (seen.has(codec)) return;
  seen.add(codec);
  const { shape } = codec;
  switch (shape.kind) {
    case 'struct':
      for (const { name, codec: part } of shape.fields) {
        if (isSecret(part)) found.add(name);
        collect(part, found, seen);
      }
      return;
    case 'array':
    case 'repeat':
    case 'restOf':
      collect(shape.item, found, seen);
      return;
    case 'union':
      for (const variant of shape.variants) collect(variant.codec, found, seen);
      return;
    case 'prefixed':
    case 'optional':
    case 'mapped':
    case 'constrained':
    case 'constant':
    case 'secret':
      collect(shape.inner, found, seen);
      return;
    default:
  }
}

/** True for a secret itself, also behind a length, a presence byte or a conversion. */
function isSecret(codec: Codec<unknown>): boolean {
  if (codec.secret === true || codec.shape.kind === 'secret') return true;
  switch (codec.shape.kind) {
    case 'prefixed':
    case 'optional':
    case 'mapped':
    case 'constrained':
      return isSecret(codec.shape.inner);
    default:
      return false;
  }
}

/** A stretch of a frame whose bytes must not be shown. */
export interface MaskedRange {
  readonly start: number;
  readonly end: number;
}

const nothingMasked: readonly MaskedRange[] = [];

/** The bytes of a frame that a view must mask, in ascending order. */
export function maskedRanges(view: FrameView): readonly MaskedRange[] {
  const { body } = view;
  if (body.hidden) return [{ start: body.start, end: body.end }];
  if (body.secretKeys.size === 0) return nothingMasked;
  return body.parts.flatMap((part) => secretSpans(view.bytes, body, part));
}

function secretSpans(bytes: Uint8Array, body: BodyView, part: BodyView['parts'][number]) {
  const found = annotate(part.codec, bytes.subarray(part.start, part.end), { allowTrailing: true });
  const shift = (span: Span) => ({
    start: part.start + span.offset,
    end: part.start + span.offset + span.size,
  });
  const ranges = found.spans.filter((span) => span.secret && !span.composite).map(shift);
  if (found.ok) return ranges;
  // Where reading stopped, nobody knows what the rest is.
  const read = found.spans.filter((span) => span.complete && !span.composite);
  const last = read.reduce((end, span) => Math.max(end, span.offset + span.size), 0);
  const safe = ranges.filter((range) => range.end <= part.start + last);
  return [...safe, { start: part.start + last, end: body.end }];
}
