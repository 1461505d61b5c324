import { type ErrorDetails, IggyctlError } from '../base/index.js';

/**
 * Everything that can be wrong with bytes, or with a value that should become bytes. The comments
 * name the kind of failure in the vocabulary of the Iggy protocol.
 */
export type WireErrorCode =
  /** UnexpectedEof: a read passes the end. Details: offset, need, have. */
  | 'WIRE_TRUNCATED'
  /** InvalidUtf8. Details: offset. */
  | 'WIRE_INVALID_UTF8'
  /** UnknownCommand: a command code without a name. Details: code. */
  | 'WIRE_UNKNOWN_COMMAND'
  /** UnknownDiscriminant: an undefined tag. Details: type, value, offset. */
  | 'WIRE_UNKNOWN_DISCRIMINANT'
  /** PayloadTooLarge: more than a length field can say. Details: size, max. */
  | 'WIRE_TOO_LARGE'
  /** Validation: any other rule of a body. */
  | 'WIRE_INVALID'
  /** Bytes are left over after a complete value. Details: offset, count. */
  | 'WIRE_TRAILING'
  /** InvalidBatchChecksum. Details: stored, computed, baseOffset. */
  | 'WIRE_CHECKSUM_BATCH'
  /** InvalidMessageChecksum. Details: stored, computed, offset. */
  | 'WIRE_CHECKSUM_MESSAGE'
  /** InvalidMessageTimestampDelta. Details: value. */
  | 'WIRE_TIMESTAMP_DELTA'
  /** InvalidBitPattern: an enum byte of a header holds an undefined value. */
  | 'WIRE_BIT_PATTERN'
  /** InvalidCommand, ReplyInvalidCommand, CommitInvalidCommand. Details: expected, found. */
  | 'WIRE_COMMAND'
  /** InvalidSize, CommitInvalidSize. Details: expected, found. */
  | 'WIRE_SIZE'
  /** FrameChecksumMismatch: the seal of a frame. Details: command, expected, found. */
  | 'WIRE_CHECKSUM_FRAME'
  /** The body of a control frame or a prepare does not hash to `checksum_body`. */
  | 'WIRE_CHECKSUM_BODY'
  /** The header of a prepare does not hash to its identity. */
  | 'WIRE_CHECKSUM_PREPARE'
  /** InvalidField: any other rule of a header. */
  | 'WIRE_FIELD'
  /** ClientBoundCommand: a reply or an eviction on a replica link. Details: command. */
  | 'WIRE_CLIENT_BOUND'
  /** A frame's length field is outside the limits; the stream cannot be continued. */
  | 'WIRE_FRAME_SIZE'
  /** A view-change suffix breaks a rule. Details: reason. */
  | 'WIRE_SUFFIX'
  /** A state-transfer manifest breaks a rule. Details: reason. */
  | 'WIRE_MANIFEST';

/** Malformed bytes, or a value that has no encoding. */
export class WireError extends IggyctlError<WireErrorCode> {
  /** Where in the structure it happened, such as `topics[2].name`; empty at the root. */
  path = '';
  readonly reason: string;

  constructor(code: WireErrorCode, reason: string, details: ErrorDetails = {}, cause?: unknown) {
    super(code, reason, details, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }

  /** Puts a field name or index in front of the path; the codecs do so on the way out. */
  within(segment: string): this {
    const glue = this.path === '' || this.path.startsWith('[') ? '' : '.';
    this.path = `${segment}${glue}${this.path}`;
    this.message = `${this.path}: ${this.reason}`;
    return this;
  }
}

export function truncated(offset: number, need: number, have: number): WireError {
  const left = Math.max(0, have);
  return new WireError(
    'WIRE_TRUNCATED',
    `needs ${need} bytes at offset ${offset}, only ${left} are left`,
    { offset, need, have: left },
  );
}

export function invalid(reason: string, details: ErrorDetails = {}): WireError {
  return new WireError('WIRE_INVALID', reason, details);
}

export function isWireError(value: unknown): value is WireError {
  return value instanceof WireError;
}
