import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toBase64 } from '../../../src/server/metadata/base64.js';

test('writes what the platform writes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
    }),
  );
});

test('a token has 68 characters', () => {
  expect(toBase64(new Uint8Array(50))).toHaveLength(68);
});
