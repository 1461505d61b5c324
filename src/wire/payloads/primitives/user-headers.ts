import { compareBytes } from '../../../base/index.js';
import { decode, encode, field, restOf, type StructValue, struct } from '../../schema/index.js';
import { type HeaderField, headerField } from './header-field.js';
import { fromTypedValue, isValueKind, valueKinds, valueSize } from './typed-value.js';

const shape = () =>
  ({
    key: field(headerField, 'Key; may be of any kind.'),
    value: field(headerField, 'Value.'),
  }) as const;

/** One user header of a message. */
export interface UserHeader extends StructValue<typeof shape> {}

/** The largest header block of one message, bytes; official clients refuse more. */
export const maxUserHeadersSize = 100_000;

/** Keys and values in turn, up to the end. @source Iggy binary protocol, user headers */
export const userHeaders = restOf(struct('UserHeader', shape));

/** The headers of a message's header block. @throws WireError when it is malformed. */
export function decodeUserHeaders(block: Uint8Array): readonly UserHeader[] {
  return decode(userHeaders, block);
}

/**
 * A header block in the order the reference client writes: by kind and bytes of the key; of
 * several headers with one key the last counts. @throws WireError
 */
export function encodeUserHeaders(headers: readonly UserHeader[]): Uint8Array {
  const keyed = headers.map((header) => ({
    header,
    kind: header.key.kind,
    bytes: fromTypedValue(header.key.kind, header.key.value),
  }));
  // Sorting is stable, so of equal keys the one given last stays last.
  keyed.sort((a, b) => a.kind - b.kind || compareBytes(a.bytes, b.bytes));
  const unique = keyed.filter((each, i) => {
    const next = keyed[i + 1];
    return next?.kind !== each.kind || compareBytes(next.bytes, each.bytes) !== 0;
  });
  return encode(
    userHeaders,
    unique.map((each) => each.header),
  );
}

/** What a reader of values, as opposed to structure, has against a header: an error code. */
export function userHeaderProblem(header: UserHeader): 4018 | 4019 | 4040 | undefined {
  const { key, value } = header;
  if (!isValueKind(key.kind) || !isValueKind(value.kind)) return 4040;
  if (!isWellFormed(key)) return 4018;
  return isWellFormed(value) ? undefined : 4019;
}

function isWellFormed({ kind, value }: HeaderField): boolean {
  if (kind === valueKinds.raw || !(value instanceof Uint8Array)) return true;
  return kind !== valueKinds.string && valueSize(kind) === value.length && kind !== valueKinds.bool;
}
