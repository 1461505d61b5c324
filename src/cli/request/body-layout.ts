import type { Codec } from '../../wire/index.js';
import type { Field } from '../output/result.js';

/** The fields of a request body, nested ones with dots. */
export function bodyFields(codec: Codec<unknown>, prefix = '') {
  const { shape } = codec;
  const rows: { name: string; type: string; meaning: string }[] = [];
  if (shape.kind !== 'struct') return rows;
  for (const { name, codec: inner, doc } of shape.fields) {
    if (inner.omitted === true) continue;
    rows.push({ name: `${prefix}${name}`, type: inner.type, meaning: doc });
    rows.push(...bodyFields(inner, `${prefix}${name}.`));
  }
  return rows;
}

/** A value of the right shape, for people to start from. */
export function exampleOf(codec: Codec<unknown>): Field {
  const { shape } = codec;
  switch (shape.kind) {
    case 'number':
    case 'float':
      return 1;
    case 'bigint':
      return '1';
    case 'bool':
      return false;
    case 'enum':
      return shape.entries[0]?.[0] ?? 0;
    case 'struct':
      return Object.fromEntries(
        shape.fields
          .filter((each) => each.codec.omitted !== true)
          .map((each) => [each.name, exampleOf(each.codec)]),
      );
    case 'array':
    case 'repeat':
    case 'restOf':
      return [];
    case 'bytes':
    case 'blob':
    case 'rest':
      return '00';
    case 'optional':
    case 'optionalText':
      return null;
    case 'prefixed':
    case 'constrained':
      return exampleOf(shape.inner);
    case 'secret':
      return '********';
    case 'text':
      return 'example';
    case 'mapped':
      return codec.type === 'Identifier' ? 'example' : [];
    case 'constant':
    case 'reserved':
    case 'union':
    case 'unit':
    case 'custom':
      return null;
  }
}
