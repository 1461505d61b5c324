/**
 * The file in which a node takes down what its replicas are told.
 * @module
 */
export { isRecording } from './blocks.js';
export type {
  RecordedBegin,
  RecordedConfig,
  RecordedMachine,
  RecordedPartition,
  RecordedState,
} from './chapter.js';
export { RecordingError, type RecordingErrorCode } from './errors.js';
export { type RecordedEntry, type Recording, readRecording } from './reader.js';
export {
  inputRecord,
  type RecordedInput,
  type RecordedKind,
  type RecordedValue,
} from './records.js';
export { RecordingWriter } from './writer.js';
