import { describe, expect, it } from 'vitest';
import { encodeUtf8, setU32 } from '../../../src/base/index.js';
import {
  ArtifactKind,
  decodeManifest,
  encodeManifest,
  WireError,
  writeXxh3,
  xxh3,
} from '../../../src/wire/index.js';
import { example } from '../helpers/golden.js';

const artifact = (kind: number, text: string) => {
  const bytes = encodeUtf8(text);
  return { kind, frontier: 100n, len: BigInt(bytes.length), checksum: xxh3(bytes) };
};
const entries = [
  artifact(ArtifactKind.MetadataSnapshot, 'snapshot'),
  artifact(ArtifactKind.ClientTable, 'clients'),
];

function faultOf(bytes: Uint8Array): unknown {
  try {
    decodeManifest(bytes);
    return 'none';
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return error.details['reason'];
  }
}

/** Changes the content and makes the checksum at the end right again. */
function changed(change: (bytes: Uint8Array) => Uint8Array): Uint8Array {
  const bytes = change(encodeManifest(entries).slice());
  writeXxh3(bytes, bytes.length - 8, bytes, 0, bytes.length - 8);
  return bytes;
}

describe('state manifest', () => {
  it('has the bytes of the protocol example', () => {
    const bytes = example('state manifest of two entries');
    expect(encodeManifest(entries)).toEqual(bytes);
    expect(decodeManifest(bytes)).toEqual(entries);
  });

  it('reads unknown kinds and longer entries', () => {
    const unknown = [{ ...artifact(99, 'x') }];
    expect(decodeManifest(encodeManifest(unknown))).toEqual(unknown);
    const longer = changed((bytes) => {
      const grown = new Uint8Array(bytes.length + 2);
      grown.set(bytes.subarray(0, 34));
      grown.set(bytes.subarray(34, 59), 35);
      grown[8] = 26;
      return grown;
    });
    expect(decodeManifest(longer)).toEqual(entries);
  });

  it('names the rule that is broken', () => {
    expect(faultOf(new Uint8Array(7))).toBe('Truncated');
    expect(faultOf(encodeManifest(entries).fill(1, 20, 21))).toBe('ChecksumMismatch');
    expect(faultOf(changed((bytes) => bytes.fill(0, 0, 1)))).toBe('BadMagic');
    expect(faultOf(changed((bytes) => bytes.fill(24, 8, 9)))).toBe('EntryTooShort');
    expect(
      faultOf(
        changed((bytes) => {
          setU32(bytes, 4, 65_537);
          return bytes;
        }),
      ),
    ).toBe('TooManyEntries');
    expect(faultOf(changed((bytes) => bytes.fill(1, 4, 5)))).toBe('Truncated');
    expect(faultOf(changed((bytes) => bytes.slice(0, -1)))).toBe('Truncated');
  });
});
