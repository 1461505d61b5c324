export * from './command.js';
export * from './command-codes.js';
export * from './eviction-reason.js';
export * from './frame.js';
export * from './group.js';
export * from './handshake.js';
export * from './headers/index.js';
export * from './incarnation.js';
export {
  type FrameKind,
  type FrameSpec,
  frameSpecs,
  type HeaderCodec,
  type HeaderTypes,
} from './kinds.js';
export * from './manifest.js';
export * from './operation.js';
export * from './outcomes.js';
export * from './reply-outcome.js';
export * from './result-section.js';
export { bitsetBeyondSuffix, suffixMax, type ValidationOptions } from './rules.js';
export * from './seal.js';
export * from './suffix.js';
export { checkFrame, checkGeneric, frameKindOf, type Plane } from './validate.js';
export * from './views.js';
