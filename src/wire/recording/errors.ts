import { type ErrorDetails, IggyctlError } from '../../base/index.js';

/** What is wrong with a file that should be a recording. */
export type RecordingErrorCode =
  /** No recording. */
  | 'RECORDING_FOREIGN'
  /** Written in a later form. Details: version. */
  | 'RECORDING_NEWER'
  /** Written in an earlier form. Details: version. */
  | 'RECORDING_OLDER'
  /** Not what was written. Details: block, or chapter. */
  | 'RECORDING_DAMAGED';

/** A file that cannot be replayed. */
export class RecordingError extends IggyctlError<RecordingErrorCode> {
  constructor(
    code: RecordingErrorCode,
    message: string,
    details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(code, message, details, options);
  }
}
