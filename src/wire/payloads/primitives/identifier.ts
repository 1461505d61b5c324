import {
  type CodecValue,
  lengthPrefixed,
  mapped,
  text,
  u8,
  u32,
  union,
  variant,
} from '../../schema/index.js';

/** Names a stream, topic, user or consumer group: a number is its id, a string is its name. */
export type Identifier = number | string;

const choice = union('Identifier', u8, {
  numeric: variant(1, lengthPrefixed(u8, u32, { min: 4, max: 4 }), 'Numeric id.'),
  named: variant(2, { ...text(u8, { min: 1 }), type: 'name' }, 'Name, 1..255 bytes.'),
});

/**
 * `{u8 kind, u8 length, value}`: kind 1 with a u32, or kind 2 with 1..255 bytes of UTF-8. The
 * number 0 is an ordinary id, and a name made of digits stays a name.
 * @source Iggy binary protocol, Identifier
 */
export const identifier = mapped<CodecValue<typeof choice>, Identifier>(
  'Identifier',
  choice,
  (choice) => choice.value,
  (value) => (typeof value === 'number' ? { kind: 'numeric', value } : { kind: 'named', value }),
);
