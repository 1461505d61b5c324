import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../src/base/index.js';
import { AesGcmCipher, cipherKeyBytes } from '../../src/platform/index.js';

const zeros = (length: number) => new Uint8Array(length);
const text = new TextEncoder().encode('a payload');

describe('AES-256-GCM', () => {
  it('opens what the published test case of the algorithm sealed: nonce, ciphertext, tag', () => {
    const sealed = fromHex(
      '000000000000000000000000' +
        'cea7403d4d606b6e074ec5d3baf39d18' +
        'd0d1c8a799996bf0265b98b5d48ab919',
    );

    expect(new AesGcmCipher(zeros(cipherKeyBytes)).open(sealed)).toEqual(zeros(16));
  });

  it('takes back what it sealed, which is 28 bytes longer and never the same', () => {
    const cipher = new AesGcmCipher(zeros(32).fill(7));
    for (const plain of [zeros(0), text, zeros(100_000)]) {
      const sealed = cipher.seal(plain);
      expect(sealed).toHaveLength(plain.length + 28);
      expect(cipher.seal(plain)).not.toEqual(sealed);
      expect(cipher.open(sealed)).toEqual(plain);
    }
  });

  it('opens nothing that another key sealed, that changed, or that is too short', () => {
    const cipher = new AesGcmCipher(zeros(32).fill(7));
    const sealed = cipher.seal(text);

    expect(new AesGcmCipher(zeros(32).fill(8)).open(sealed)).toBeUndefined();
    for (const at of [0, 12, sealed.length - 1]) {
      const changed = sealed.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(cipher.open(changed)).toBeUndefined();
    }
    for (const length of [0, 11, 27]) {
      expect(cipher.open(sealed.slice(0, length))).toBeUndefined();
    }
  });

  it('does not show its key', () => {
    const key = new TextEncoder().encode('0123456789abcdef0123456789abcdef');
    const shown = inspect(new AesGcmCipher(key), { depth: 9, showHidden: true });

    expect(shown).not.toContain('48');
    expect(shown).not.toContain('0123');
  });
});
