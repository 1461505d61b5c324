const brand: unique symbol = Symbol.for('iggyctl.error');

/** Machine-readable facts about an error; values are plain data. */
export type ErrorDetails = Readonly<Record<string, unknown>>;

/**
 * The base of every error this package throws on purpose. Callers tell errors apart by `code`,
 * never by message or class.
 */
export abstract class IggyctlError<
  Code extends string = string,
  Details extends ErrorDetails = ErrorDetails,
> extends Error {
  readonly [brand] = true;
  readonly code: Code;
  readonly details: Details;

  constructor(code: Code, message: string, details: Details, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
    this.details = details;
  }
}

/** True for errors of this package, also when two copies of it are loaded. */
export function isIggyctlError(value: unknown): value is IggyctlError {
  return typeof value === 'object' && value !== null && brand in value;
}
