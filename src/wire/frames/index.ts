export * from './command.js';
export * from './eviction-reason.js';
export * from './frame.js';
export * from './group.js';
export * from './headers/index.js';
export {
  type FrameKind,
  type FrameSpec,
  frameSpecs,
  type HeaderCodec,
  type HeaderTypes,
} from './kinds.js';
export * from './operation.js';
export * from './outcomes.js';
export { bitsetBeyondSuffix, suffixMax, type ValidationOptions } from './rules.js';
export * from './seal.js';
export { checkFrame, checkGeneric, frameKindOf, type Plane } from './validate.js';
export * from './views.js';
