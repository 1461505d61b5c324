/**
 * The deterministic simulator: whole nodes on simulated links, disks and clocks, clients on the
 * session layer of the SDK, and checkers that judge what happens. A run follows from its plan.
 * @module
 */
export {
  type FailureClass,
  failureClasses,
  type Violation,
} from './check/verdict.js';
export { dataKinds, type Workload, workloads } from './plan/data-plan.js';
export { limitNames, limitsNamed } from './plan/limits.js';
export { makePlan, type PlanOptions, smallLimits } from './plan/make-plan.js';
export { overlayPlan } from './plan/overlay-plan.js';
export { PlanError, parsePlan } from './plan/parse-plan.js';
export {
  type Delivery,
  deliveries,
  type Fault,
  type FaultKind,
  faultKinds,
  type Plan,
  profiles,
} from './plan/plan.js';
export type { ReplayedChapter, ReplayedInput } from './recording/recorded-chapter.js';
export { type RecordingReplay, replayRecording } from './recording/replay-recording.js';
export { missingMarks } from './run/marks.js';
export { type Failure, type RunOptions, type RunResult, runPlan } from './run/run-plan.js';
export { type ShrinkOptions, type Shrunk, shrinkPlan } from './run/shrink.js';
export { opOf } from './trace/frame-op.js';
export type { TraceEvent, TraceKind } from './trace/recorder.js';
