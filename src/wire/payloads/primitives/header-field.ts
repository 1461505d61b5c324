import {
  blob,
  type Codec,
  constrained,
  field,
  mapped,
  struct,
  u8,
  u32,
} from '../../schema/index.js';
import {
  fromTypedValue,
  showTypedValue,
  type TypedValue,
  toTypedValue,
  valueKindName,
} from './typed-value.js';

/** A kind and a value of that kind; half an entry of a header or options block. */
export interface HeaderField {
  readonly kind: number;
  readonly value: TypedValue;
}

const kindCodec = constrained({ ...u8, type: 'ValueKind:u8', display: valueKindName }, (kind) =>
  kind === 0 ? 'kind 0 is not defined' : undefined,
);
const content = blob(u32, { min: 1, max: 255 });
const kindDoc = 'Kind of the value; above 15 is carried but not understood.';
const contentDoc = 'Length, then 1..255 bytes.';

const plain = struct('HeaderField', () => ({
  kind: field(kindCodec, kindDoc),
  value: field(content, contentDoc),
}));
const typed = mapped<{ readonly kind: number; readonly value: Uint8Array }, HeaderField>(
  'HeaderField',
  plain,
  ({ kind, value }) => ({ kind, value: toTypedValue(kind, value) }),
  ({ kind, value }) => ({ kind, value: fromTypedValue(kind, value) }),
);

/** The bytes of a value, shown as its kind says. */
function contentOf(kind: number): Codec<Uint8Array> {
  return { ...content, display: (bytes) => showTypedValue(toTypedValue(kind, bytes)) };
}

/**
 * `{u8 kind, u32 length, bytes}`. A length that does not suit the kind is no error at this level.
 * @source Iggy binary protocol, user headers
 */
export const headerField: Codec<HeaderField> = {
  ...typed,
  read(reader) {
    if (reader.trace === undefined) return typed.read(reader);
    const kind = reader.field('kind', kindCodec, kindDoc);
    const bytes = reader.field('value', contentOf(kind), contentDoc);
    return { kind, value: toTypedValue(kind, bytes) };
  },
};
