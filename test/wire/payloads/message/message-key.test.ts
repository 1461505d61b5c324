import { describe, expect, it } from 'vitest';
import { consumerKey, partitionIndexOfKey } from '../../../../src/wire/index.js';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('keys', () => {
  it('pick the partition at the hash modulo the number of partitions', () => {
    expect(partitionIndexOfKey(utf8('user-42'), 5)).toBe(1_635_883_646 % 5);
    expect(partitionIndexOfKey(utf8('user-42'), 1)).toBe(0);
  });
});

describe('consumers', () => {
  it('known by a name share the number of its hash', () => {
    expect(consumerKey('workers')).toBe(2_379_765_724);
    expect(consumerKey(2_379_765_724)).toBe(2_379_765_724);
  });
});
