import { emptyBytes, encodeUtf8, getU64 } from '../base/index.js';
import { SystemClock, SystemEntropy } from '../platform/index.js';
import {
  encodeUserHeaders,
  type HeaderField,
  maxUserHeadersSize,
  type NewMessage,
  type TypedValue,
  type UserHeader,
  valueKinds,
} from '../wire/index.js';
import { InvalidArgumentError } from './errors.js';

/** A message to be sent. */
export interface MessageInput {
  /** Text is sent as UTF-8. */
  readonly payload: string | Uint8Array;
  /** Chosen at random if absent. Servers do not compare ids. */
  readonly id?: bigint;
  /** By name, with kinds that follow from the values; or in full. */
  readonly headers?: Readonly<Record<string, HeaderValue>> | readonly UserHeader[];
  /** Microseconds since 1970; now if absent. */
  readonly originTimestamp?: bigint | number;
}

/** The value of a header: its kind follows from it, unless it is named. */
export type HeaderValue = TypedValue | HeaderField;

/** Turns what callers give into messages of the wire. */
export class MessageMaker {
  readonly #clock = new SystemClock();
  /** Upper half of all ids of this maker; the lower half counts. */
  readonly #prefix = getU64(new SystemEntropy().bytes(8), 0) << 64n;
  #made = 0n;

  /** @throws INVALID_ARGUMENT */
  make(input: MessageInput | string | Uint8Array): NewMessage {
    if (typeof input === 'string' || input instanceof Uint8Array) {
      return this.make({ payload: input });
    }
    const { payload, id, headers, originTimestamp } = input;
    this.#made += 1n;
    return {
      id: id ?? this.#prefix | this.#made,
      payload: typeof payload === 'string' ? encodeUtf8(payload) : payload,
      userHeaders: headers === undefined ? emptyBytes : headerBlock(headers),
      originTimestamp: originTimestamp ?? this.#clock.nowMicros(),
    };
  }
}

function headerBlock(headers: NonNullable<MessageInput['headers']>): Uint8Array {
  const list = isList(headers)
    ? headers
    : Object.entries(headers).map(([key, value]) => ({
        key: { kind: valueKinds.string, value: key },
        value: toField(value),
      }));
  const block = encodeUserHeaders(list);
  if (block.length <= maxUserHeadersSize) return block;
  const message = `the headers of a message have ${block.length} bytes, at most ${maxUserHeadersSize}`;
  throw new InvalidArgumentError('INVALID_ARGUMENT', message, { size: block.length });
}

function isList(headers: NonNullable<MessageInput['headers']>): headers is readonly UserHeader[] {
  return Array.isArray(headers);
}

function toField(value: HeaderValue): HeaderField {
  if (typeof value === 'object' && !(value instanceof Uint8Array)) return value;
  if (typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) > 0x7fff_ffff) {
    return { kind: valueKinds.int64, value: BigInt(value) };
  }
  return { kind: kindOf(value), value };
}

function kindOf(value: TypedValue): number {
  switch (typeof value) {
    case 'string':
      return valueKinds.string;
    case 'boolean':
      return valueKinds.bool;
    case 'number':
      return Number.isInteger(value) ? valueKinds.int32 : valueKinds.float64;
    case 'bigint':
      return BigInt.asIntN(64, value) === value ? valueKinds.int64 : valueKinds.int128;
    default:
      return valueKinds.raw;
  }
}
