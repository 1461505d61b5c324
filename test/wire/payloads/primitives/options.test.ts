import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../../src/base/index.js';
import {
  decode,
  encode,
  findOption,
  isWireError,
  type Option,
  options,
  prefixedOptions,
  valueKinds,
} from '../../../../src/wire/index.js';

const crossClient =
  '020d000000656e666f7263655f6673796e630301000000' +
  '01020c0000007365676d656e745f73697a650c080000000000004000000000';

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isWireError(error)) return error.code;
    throw error;
  }
  return 'none';
}

function flags(count: number): readonly Option[] {
  return Array.from({ length: count }, (_, i) => ({
    key: `k${i}`,
    kind: valueKinds.bool,
    value: true,
  }));
}

describe('an options block', () => {
  it('is encoded as the check value all clients share', () => {
    const list: readonly Option[] = [
      { key: 'enforce_fsync', kind: valueKinds.bool, value: true },
      { key: 'segment_size', kind: valueKinds.uint64, value: 1_073_741_824n },
    ];

    expect(toHex(encode(options, list))).toBe(crossClient);
    expect(decode(options, fromHex(crossClient))).toEqual(list);
  });

  it('without entries has no bytes', () => {
    expect(encode(options, [])).toHaveLength(0);
    expect(decode(options, fromHex(''))).toEqual([]);
    expect(toHex(encode(prefixedOptions, []))).toBe('00000000');
  });

  it('keeps values of unknown kinds and of odd lengths as bytes', () => {
    const unknown = '02010000006b6302000000abcd';
    const short = '02010000006b0c03000000010203';
    const odd = '02010000006b030100000002';

    for (const hex of [unknown, short, odd]) {
      const [option] = decode(options, fromHex(hex));
      expect(option?.value).toBeInstanceOf(Uint8Array);
      expect(toHex(encode(options, option === undefined ? [] : [option]))).toBe(hex);
    }
  });

  it('refuses keys that are no string, are empty or occur twice, and kind 0', () => {
    const once = '02010000006b030100000001';
    const wrong = [
      `01${once.slice(2)}`,
      '0200000000030100000001',
      once + once,
      '02010000006b000100000001',
      '02010000006b0300000000',
      '0201000000ff030100000001',
      `${once}00`,
    ];

    for (const hex of wrong) expect(codeOf(() => decode(options, fromHex(hex)))).not.toBe('none');
  });

  it('holds at most 1024 entries', () => {
    const most = encode(options, flags(1024));

    expect(decode(options, most)).toHaveLength(1024);
    expect(codeOf(() => encode(options, flags(1025)))).not.toBe('none');
    const one = encode(options, [{ key: 'z', kind: valueKinds.bool, value: true }]);
    expect(codeOf(() => decode(options, new Uint8Array([...most, ...one])))).toBe('WIRE_INVALID');
  });

  it('has at most 100000 bytes', () => {
    const value = new Uint8Array(255).fill(1);
    const large = Array.from({ length: 400 }, (_, i) => ({ key: `${i}`, kind: 1, value }));

    expect(codeOf(() => encode(options, large))).toBe('WIRE_TOO_LARGE');
    expect(codeOf(() => decode(options, new Uint8Array(100_001)))).toBe('WIRE_TOO_LARGE');
  });

  it('is searched by key', () => {
    expect(findOption(flags(3), 'k1')?.key).toBe('k1');
    expect(findOption(flags(3), 'k9')).toBeUndefined();
  });
});
