import { IggyctlError } from '../base/index.js';

/** Where in a text input something was found; both count from 1. */
export interface TextPosition {
  readonly line: number;
  readonly column: number;
}

/**
 * Raised when the input cannot be read in its form at all: `INPUT_EMPTY` (no bytes),
 * `INPUT_FORM` (text that is not what the form promises; `details` hold form, line, column),
 * `INPUT_CAPTURE` (a capture file that is damaged; `details` hold the byte offset),
 * `INPUT_FILTER` (a filter expression that does not parse; `details` hold the column).
 */
export class DecodeInputError extends IggyctlError<
  'INPUT_EMPTY' | 'INPUT_FORM' | 'INPUT_CAPTURE' | 'INPUT_FILTER'
> {}

/** An `INPUT_FORM` error that names form, line and column. */
export function formError(form: string, position: TextPosition, problem: string): DecodeInputError {
  const { line, column } = position;
  return new DecodeInputError(
    'INPUT_FORM',
    `cannot read the input as ${form}: line ${line}, column ${column}: ${problem}`,
    { form, line, column },
  );
}
