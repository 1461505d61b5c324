import { IggyctlError, isIggyctlError } from '../base/index.js';
import type { Json, JsonObject } from './plain-json.js';

/** One line from a control client: a call, answered by lines with the same id. */
export interface ControlRequest {
  readonly id: number;
  readonly method: string;
  readonly params: JsonObject;
}

/** One line to a control client: the result, the failure, or one of many events of a call. */
export type ControlResponse =
  | { readonly id: number; readonly result: Json }
  | { readonly id: number; readonly event: Json }
  | { readonly id: number; readonly error: ControlFailure };

/** A failure as it travels. */
export interface ControlFailure {
  readonly code: string;
  readonly message: string;
  readonly details: Json;
}

/** A call failed in the cluster (`details.code` is the original code), or the cluster is not there. */
export class ControlError extends IggyctlError<
  'CONTROL_REFUSED' | 'CONTROL_UNREACHABLE' | 'CONTROL_MALFORMED'
> {
  /** Code of the failure where it happened. */
  readonly origin: string;

  constructor(
    code: 'CONTROL_REFUSED' | 'CONTROL_UNREACHABLE' | 'CONTROL_MALFORMED',
    message: string,
    details: Readonly<Record<string, unknown>>,
    origin: string = code,
  ) {
    super(code, message, { ...details, origin });
    this.origin = origin;
  }
}

/** The form in which a failure is sent. */
export function failureOf(error: unknown, toJson: (value: unknown) => Json): ControlFailure {
  if (!isIggyctlError(error)) {
    return { code: 'INTERNAL', message: String(error), details: null };
  }
  return { code: error.code, message: error.message, details: toJson(error.details) };
}

/** Longest line of the protocol. */
const controlLineMax = 16 * 1024 * 1024;

/** Cuts a text stream into lines. */
export class LineSplitter {
  #rest = '';

  /** Complete lines, or `undefined` once a line is too long. */
  push(text: string): readonly string[] | undefined {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop() ?? '';
    return this.#rest.length > controlLineMax ? undefined : lines.filter((line) => line !== '');
  }
}
