import { WireError } from '../../errors.js';
import {
  type Codec,
  constant,
  constrained,
  field,
  lengthPrefixed,
  mapped,
  restOf,
  struct,
  text,
  u8,
  u32,
} from '../../schema/index.js';
import { headerField } from './header-field.js';
import { type TypedValue, valueKinds } from './typed-value.js';

/** A setting of a stream, topic or user: a name, and a value of some kind. */
export interface Option {
  readonly key: string;
  readonly kind: number;
  readonly value: TypedValue;
}

/** Limits of one options block. @source Iggy binary protocol, options */
export const optionsLimits = { entries: 1024, bytes: 100_000 } as const;

const entry = struct('Option', () => ({
  key_kind: field(
    { ...constant(u8, valueKinds.string), display: () => 'string' },
    'Keys are strings.',
  ),
  key: field(text(u32, { min: 1, max: 255 }), 'Name of the option.'),
  value: field(headerField, 'Value of the option.'),
}));

const option: Codec<Option> = mapped(
  'Option',
  entry,
  ({ key, value }) => ({ key, kind: value.kind, value: value.value }),
  ({ key, kind, value }) => ({ key, value: { kind, value } }),
);

const entries = constrained(restOf(option), (list) => {
  if (list.length > optionsLimits.entries)
    return `${list.length} options, at most 1024 may be sent`;
  const keys = new Set(list.map((each) => each.key));
  return keys.size < list.length ? 'an option key occurs twice' : undefined;
});

/**
 * An options block without a length, up to the end of the enclosing part: 0..1024 entries in at
 * most 100,000 bytes, keys unique. @source Iggy binary protocol, options
 */
export const options: Codec<readonly Option[]> = {
  ...entries,
  type: 'Options',
  read(reader) {
    if (reader.remaining > optionsLimits.bytes) reader.problem(tooLarge(reader.remaining));
    return entries.read(reader);
  },
  write(writer, value) {
    const start = writer.length;
    entries.write(writer, value);
    const size = writer.length - start;
    if (size > optionsLimits.bytes) throw tooLarge(size);
  },
};

/** An options block behind its length in bytes, the form of replies. */
export const prefixedOptions: Codec<readonly Option[]> = lengthPrefixed(u32, options);

/** The value of `key`, or nothing. */
export function findOption(list: readonly Option[], key: string): Option | undefined {
  return list.find((each) => each.key === key);
}

function tooLarge(size: number): WireError {
  const max = optionsLimits.bytes;
  return new WireError('WIRE_TOO_LARGE', `an options block of ${size} bytes is above ${max}`, {
    size,
    max,
  });
}
