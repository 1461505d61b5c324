import { describe, expect, it } from 'vitest';
import { rememberVerified, wasVerified } from '../../../src/machine/partitions/verified-bytes.js';

describe('batches found intact', () => {
  it('are known in their own place of memory only', () => {
    const memory = new Uint8Array(40_000);
    const batch = memory.subarray(256);
    rememberVerified(batch);
    expect(wasVerified(batch)).toBe(true);
    expect(wasVerified(memory.subarray(256))).toBe(true);
    expect(wasVerified(memory)).toBe(false);
    expect(wasVerified(memory.subarray(256, 39_000))).toBe(false);
    expect(wasVerified(memory.subarray(257))).toBe(false);
    expect(wasVerified(batch.slice())).toBe(false);
  });

  it('are not kept in mind when they are small', () => {
    const batch = new Uint8Array(1_000);
    rememberVerified(batch);
    expect(wasVerified(batch)).toBe(false);
  });
});
