import { expect, it } from 'vitest';
import { toJson, toNdjsonLine } from '../../src/render/index.js';

it('prints bigints as strings, bytes as hexadecimal and keeps the order of keys', () => {
  const value = { z: 2n ** 64n - 1n, a: new Uint8Array([1, 255]), n: null, list: [1, 2n] };
  expect(toJson(value)).toBe('{"z":"18446744073709551615","a":"01ff","n":null,"list":[1,"2"]}');
  expect(toNdjsonLine({ a: 1 })).toBe('{"a":1}\n');
  expect(toJson({ a: 1 }, { indent: 2 })).toBe('{\n  "a": 1\n}');
});
