import { createBLAKE3 } from 'hash-wasm';
import { describe, expect, it } from 'vitest';
import { encodeUtf8, toHex } from '../../../src/base/index.js';
import { blake3, blake3DeriveKey, blake3Keyed } from '../../../src/wire/checksum/index.js';

// Sizes around the edges of blocks, chunks and subtrees.
const sizes = [0, 1, 63, 64, 65, 143, 1023, 1024, 1025, 2048, 2049, 3072, 3073, 5000, 8193];
const inputOf = (size: number): Uint8Array => new Uint8Array(size).map((_, i) => i % 251);

describe('blake3', () => {
  it('agrees with an independent implementation at every edge of its tree', async () => {
    const key = inputOf(32);
    const plain = await createBLAKE3();
    const keyed = await createBLAKE3(256, key);
    for (const size of sizes) {
      const input = inputOf(size);
      expect(toHex(blake3(input))).toBe(plain.init().update(input).digest('hex'));
      expect(toHex(blake3Keyed(key, input))).toBe(keyed.init().update(input).digest('hex'));
    }
  });

  it('hashes the name of the default cluster', () => {
    expect(toHex(blake3(encodeUtf8('iggy-cluster')))).toBe(
      '21bb05c88727bab88d0ec27be8a72d46d3ac6700e58e1f563bbb2a2acff57bb3',
    );
  });

  it('derives the handshake key of a shared secret', () => {
    const key = blake3DeriveKey(
      'apache-iggy replica-auth v1 psk->mac-key',
      encodeUtf8('0123456789abcdef0123456789abcdef'),
    );
    expect(toHex(key)).toBe('39ec545024b097198cbf082b239525e97c0da3a60f3a18fd29f7d169de6a54be');
  });

  it('refuses a key of another size', () => {
    expect(() => blake3Keyed(inputOf(31), inputOf(3))).toThrow(/32 bytes/);
  });
});
