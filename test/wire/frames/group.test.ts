import { describe, expect, it } from 'vitest';
import { setU64 } from '../../../src/base/index.js';
import {
  genesisParent,
  getGroupNumber,
  groupLabel,
  METADATA_GROUP,
  METADATA_GROUP_NUMBER,
  packProbeNonce,
  parseGroup,
  partitionGroup,
  partitionGroupNumber,
  setGroupNumber,
  unpackProbeNonce,
  xxh3,
} from '../../../src/wire/index.js';

describe('consensus groups', () => {
  it('pack stream, topic and partition', () => {
    expect(partitionGroup(1, 2, 3)).toBe(0x0000000100200003n);
    expect(partitionGroupNumber(1, 2, 3)).toBe(4_297_064_451);
    expect(parseGroup(4_297_064_451n)).toEqual({
      kind: 'partition',
      stream: 1,
      topic: 2,
      partition: 3,
    });
    expect(parseGroup(METADATA_GROUP)).toEqual({ kind: 'metadata' });
  });

  it('check ids against their limits, not against the bits they have', () => {
    expect(partitionGroup(1_048_575, 4095, 999_999)).toBe(0xf_ffff_ffff_423fn);
    expect(() => partitionGroup(0, 0, 1_000_000)).toThrow(/partition id/);
    expect(() => partitionGroup(0, 4096, 0)).toThrow(/topic id/);
    expect(() => partitionGroup(1_048_576, 0, 0)).toThrow(/stream id/);
    expect(parseGroup(1_000_000n)).toBeUndefined();
    expect(parseGroup(1n << 52n)).toBeUndefined();
    expect(parseGroup(METADATA_GROUP + 1n)).toBeUndefined();
  });

  it('are exact as numbers', () => {
    const bytes = new Uint8Array(8);
    for (const group of [
      0,
      partitionGroupNumber(1_048_575, 4095, 999_999),
      METADATA_GROUP_NUMBER,
    ]) {
      setGroupNumber(bytes, 0, group);
      expect(getGroupNumber(bytes, 0)).toBe(group);
    }
    expect(BigInt(METADATA_GROUP_NUMBER)).toBe(METADATA_GROUP);
    setU64(bytes, 0, METADATA_GROUP + 1n);
    expect(getGroupNumber(bytes, 0)).toBe(-1);
  });

  it('have a name for people', () => {
    expect(groupLabel(METADATA_GROUP)).toBe('metadata');
    expect(groupLabel(4_297_064_451n)).toBe('partition 1/2/3');
    expect(groupLabel(1n << 60n)).toBe('invalid group 0x1000000000000000');
  });

  it('begin with a parent that names their incarnation', () => {
    const input = new Uint8Array(16);
    setU64(input, 0, 5n);
    setU64(input, 8, 77n);
    expect(genesisParent(5n, 77n)).toBe(xxh3(input));
    expect(genesisParent(5n, 78n)).not.toBe(genesisParent(5n, 77n));
  });
});

describe('probe nonce', () => {
  it('keeps counter, journal mark and boot number apart', () => {
    const nonce = { counter: 5n, journalLost: true, boot: 0xffff_ffff_ffff_ffffn };
    expect(packProbeNonce(nonce)).toBe(0xffff_ffff_ffff_ffff_8000_0000_0000_0005n);
    expect(unpackProbeNonce(packProbeNonce(nonce))).toEqual(nonce);
    expect(() => packProbeNonce({ ...nonce, counter: 1n << 63n })).toThrow(/counter/);
    expect(() => packProbeNonce({ ...nonce, boot: 1n << 64n })).toThrow(/boot/);
  });
});
