export * from './checksum/index.js';
export * from './errors.js';
export * from './errors-table.js';
export * from './frames/index.js';
export * from './payloads/index.js';
export * from './protocol-version.js';
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
/** The building blocks for describing further structures: `codec.struct`, `codec.u32`, … */
export * as codec from './schema/index.js';
export { annotate, decode, encode, encodeInto, leafSpans, Reader, Writer } from './schema/index.js';
export {
  type BatchKind,
  batchEntriesMax,
  batchFrameBytes,
  batchMagic,
  decodeBatch,
  decodeSnapshotFile,
  decodeSuperblock,
  encodeBatchFrame,
  encodeSnapshotFile,
  encodeSuperblock,
  type JournalBatch,
  type JournalScan,
  type JournalTail,
  type SnapshotFile,
  type SuperblockRecord,
  type SuperblockSlot,
  scanJournal,
  snapshotMagic,
  superblockMagic,
} from './storage/index.js';
