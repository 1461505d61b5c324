export * from './checksum/index.js';
export * from './errors.js';
export * from './errors-table.js';
export * from './frames/index.js';
export * from './framing/index.js';
export * from './packed-version.js';
export * from './payloads/index.js';
export * from './protocol-version.js';
export * from './recording/index.js';
export type {
  Annotated,
  Codec,
  CodecShape,
  CodecValue,
  DecodeOptions,
  Field,
  FixedStructCodec,
  Span,
  StructCodec,
  StructShape,
  StructValue,
} from './schema/index.js';
export {
  annotate,
  codec,
  decode,
  encode,
  encodeInto,
  leafSpans,
  Reader,
  withWriter,
} from './schema/index.js';
export * from './storage/index.js';
