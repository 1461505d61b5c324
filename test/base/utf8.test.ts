import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decodeUtf8,
  decodeUtf8Lossy,
  encodeUtf8,
  fromHex,
  Utf8Error,
  utf8Length,
  writeUtf8,
} from '../../src/base/index.js';

describe('utf8', () => {
  it('is read back as it was written, with the length announced', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (text) => {
        const bytes = encodeUtf8(text);
        expect(bytes.length).toBe(utf8Length(text));
        expect(decodeUtf8(bytes)).toBe(text);
      }),
    );
  });

  it('keeps a leading byte order mark and zero characters', () => {
    for (const text of ['\ufeffabc', '\0', 'a\0b']) expect(decodeUtf8(encodeUtf8(text))).toBe(text);
  });

  it('refuses overlong forms, surrogates, stray and missing bytes', () => {
    for (const hex of ['c080', 'eda080', 'f4908080', '80', 'e282', 'ff', `${'61'.repeat(40)}c3`]) {
      expect(() => decodeUtf8(fromHex(hex)), hex).toThrow(Utf8Error);
    }
    expect(decodeUtf8Lossy(fromHex('61ff'))).toBe('a\ufffd');
  });

  it('refuses lone surrogates instead of replacing them', () => {
    for (const text of ['\ud800', '\udc00a', 'a\ud83d', '\ud800\ud800']) {
      expect(() => encodeUtf8(text)).toThrow(Utf8Error);
    }
  });

  it('writes and reads a range', () => {
    const target = new Uint8Array(6);
    expect(writeUtf8(target, 1, 'é')).toBe(2);
    expect(decodeUtf8(target, 1, 3)).toBe('é');
  });
});
