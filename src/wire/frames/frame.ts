import { emptyBytes, getU32, setU32 } from '../../base/index.js';
import { invalid } from '../errors.js';
import { decode, inField, Writer } from '../schema/index.js';
import { genericHeader, headerSize } from './headers/index.js';
import {
  type FrameKind,
  type FrameSpec,
  frameSpecs,
  type HeaderCodec,
  type HeaderTypes,
} from './kinds.js';
import { firstCommandOf, type ValidationOptions } from './rules.js';
import { sealFrame, sealPrepare, sealSuffixBody } from './seal.js';
import { checkFrame, frameKindOf, type Plane } from './validate.js';

const at = genericHeader.offsetOf;

/** A decoded consensus frame of kind `K`. */
export interface FrameOf<K extends FrameKind> {
  readonly kind: K;
  readonly header: HeaderTypes[K];
  /** The body as raw bytes, aliasing `bytes`. */
  readonly body: Uint8Array;
  /** The whole frame, without what may follow it. */
  readonly bytes: Uint8Array;
}

/** Any decoded consensus frame; tell them apart by `kind`. */
export type Frame = { [K in FrameKind]: FrameOf<K> }[FrameKind];

/**
 * Checks and decodes one consensus frame received on `plane`. Bytes after the declared size are
 * not part of the frame. Byte fields alias the input.
 * @throws WireError with a header code
 */
export function parseFrame(
  bytes: Uint8Array,
  plane: Plane,
  options: ValidationOptions = {},
): Frame {
  return parseFrameAs(frameKindOf(bytes, plane, options), bytes, options) as Frame;
}

/** Checks and decodes one consensus frame of a kind that is known. @throws WireError */
export function parseFrameAs<K extends FrameKind>(
  kind: K,
  bytes: Uint8Array,
  options: ValidationOptions = {},
): FrameOf<K> {
  checkFrame(bytes, kind, options);
  const size = getU32(bytes, at.size);
  const header = decodeHeader(kind, bytes);
  const whole = size === bytes.length ? bytes : bytes.subarray(0, size);
  return { kind, header, body: whole.subarray(headerSize), bytes: whole };
}

/** Decodes a header without judging it, apart from its enum bytes. */
export function decodeHeader<K extends FrameKind>(kind: K, bytes: Uint8Array): HeaderTypes[K] {
  const spec: FrameSpec<K> = frameSpecs[kind];
  return decode(spec.codec, bytes, { allowTrailing: true });
}

/** Fields of a header to write; what is left out is zero, `size` and `command` are filled in. */
export type HeaderInput<K extends FrameKind> = Partial<HeaderTypes[K]>;

/**
 * Builds a frame: header, body, and where the kind has one, body checksum and seal. Prepares are
 * left without checksums, since their identity is given once the chain is known: `sealPrepare`.
 */
export function buildFrame<K extends FrameKind>(
  kind: K,
  input: HeaderInput<K>,
  body: Uint8Array = emptyBytes,
): Uint8Array {
  const { codec, commands, sealed }: FrameSpec<K> = frameSpecs[kind];
  const frame = new Uint8Array(headerSize + body.length);
  frame[at.command] = firstCommandOf(commands);
  writeFields(codec, frame, input);
  setU32(frame, at.size, frame.length);
  frame.set(body, headerSize);
  if (kind === 'DoViewChange' || kind === 'StartView') sealSuffixBody(frame);
  if (sealed) sealFrame(frame);
  return frame;
}

/** Writes only the given fields: the others stay zero. */
function writeFields<T>(codec: HeaderCodec<T>, frame: Uint8Array, input: Partial<T>): void {
  const writer = new Writer(0, frame);
  for (const [name, value] of Object.entries(input)) {
    const field = codec.fields[name];
    if (field === undefined) throw invalid(`${codec.type} has no field ${name}`);
    writer.moveTo(codec.offsetOf[name] ?? 0);
    inField(name, () => field.codec.write(writer, value));
  }
}

/** Builds a prepare with body checksum and identity in place. */
export function buildPrepare(input: HeaderInput<'Prepare'>, body: Uint8Array): Uint8Array {
  const frame = buildFrame('Prepare', input, body);
  sealPrepare(frame);
  return frame;
}
