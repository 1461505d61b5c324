import { IggyctlError } from '../base/index.js';

/** Misuse of a session object; `details.code` is the number official clients report. */
export class SessionError extends IggyctlError<
  'SESSION_UNBOUND' | 'SESSION_ALREADY_BOUND' | 'SESSION_INVALID' | 'SESSION_EXHAUSTED'
> {}
