export { Decoder } from './decoder.js';
export type {
  BadRange,
  DecodeCounts,
  DecoderInput,
  DecoderOptions,
  DecoderSink,
  KindCount,
  PartialView,
} from './decoder-types.js';
export { DecodeInputError } from './errors.js';
export { describeFrame } from './explain/describe.js';
export type {
  BodyPart,
  BodyView,
  Check,
  Checks,
  FieldRow,
  FrameSource,
  FrameView,
  HeaderView,
  NamedCode,
  OperationView,
  PairView,
  Reading,
  ResultEntry,
  Unit,
  Verdict,
} from './explain/frame-view.js';
export { type MaskedRange, maskedRanges } from './explain/secrets.js';
export type { FilterValue } from './filter/field-value.js';
export { compileFilter, compileFilterOf, type Filter, type FilterFields } from './filter/filter.js';
export { type FormName, formNames } from './forms/form.js';
export type { Direction, Family, FramingChoice } from './framing/family.js';
