import { describe, expect, it } from 'vitest';
import { xxh32 } from '../../../src/wire/index.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('XXH32', () => {
  it('gives the reference values', () => {
    const known = { '': 0x02cc5d05, a: 0x550d7456, hello: 0xfb0077f9, 'user-42': 0x61819a7e };

    for (const [text, hash] of Object.entries(known)) expect(xxh32(utf8(text))).toBe(hash);
  });

  it('handles inputs of a stripe and more', () => {
    // Values of the reference implementation.
    expect(xxh32(utf8('0123456789abcdef'))).toBe(0xc2c45b69);
    expect(xxh32(utf8('Nobody inspects the spammish repetition'))).toBe(0xe2293b2f);
  });
});
