import { describe, expect, test } from 'vitest';
import { concatBytes } from '../../../src/base/index.js';
import type { MessageCipher } from '../../../src/machine/index.js';
import { headerSize, type NewMessage } from '../../../src/wire/index.js';
import { PartitionHarness } from './partition-harness.js';

/** Turns bits over, between marks that stand for nonce and tag. */
function toyCipher(key: number): MessageCipher {
  const turned = (bytes: Uint8Array) => bytes.map((byte) => byte ^ key);
  const mark = Uint8Array.of(key, 0xaa);
  return {
    seal: (plain) => concatBytes([mark, turned(plain), mark]),
    open(sealed) {
      if (sealed.length < 4 || sealed[0] !== key) return undefined;
      return turned(sealed.subarray(2, -2));
    },
  };
}

const bytes = (text: string) => new TextEncoder().encode(text);
const messages: readonly NewMessage[] = [
  { id: 1n, payload: bytes('secret-one'), userHeaders: bytes('header-one'), originTimestamp: 5 },
  { id: 2n, payload: bytes('secret-two'), originTimestamp: 6 },
  { id: 3n, payload: new Uint8Array(), originTimestamp: 9 },
];
const settings = { messagesRequiredToSave: 1 };

function written(cipher: MessageCipher): PartitionHarness {
  const partition = new PartitionHarness({ settings, cipher });
  expect(partition.send(messages)).toEqual({ confirmed: { partition: 0, base: 0 } });
  partition.machine.flush();
  partition.settle();
  return partition;
}

const reopened = ({ store }: PartitionHarness, cipher?: MessageCipher, cacheBytes = 0) =>
  new PartitionHarness({ store: store.clone(), settings, cacheBytes, ...(cipher && { cipher }) });

const everywhere = (partition: PartitionHarness): string => {
  const { store, log } = partition;
  const files = store.names().map((name) => store.bytes(name));
  return Buffer.concat([...files, ...log.map(({ body }) => body)]).toString('latin1');
};

describe('a partition that encrypts', () => {
  test('keeps no payload and no header as it came, neither in its log nor in its files', () => {
    const stored = everywhere(written(toyCipher(0x55)));

    expect(stored.length).toBeGreaterThan(500);
    expect(stored).not.toContain('secret');
    expect(stored).not.toContain('header');
    expect(everywhere(written({ seal: (plain) => plain, open: (plain) => plain }))).toContain(
      'secret-one',
    );
  });

  test.each([
    ['memory', 1 << 20],
    ['files', 0],
  ])('serves polls what was sent, whole or in part, from %s', (_place, cacheBytes) => {
    const cipher = toyCipher(0x55);
    const partition = reopened(written(cipher), cipher, cacheBytes);
    partition.send([{ id: 9n, payload: bytes('later'), originTimestamp: 7 }]);

    const shown = (from: number, count: number) =>
      partition.poll('offset', from, count).messages.map((message) => ({
        offset: message.offset,
        id: message.id,
        payload: Buffer.from(message.payload).toString(),
        headers: Buffer.from(message.userHeaders).toString(),
        origin: Number(message.originTimestamp),
      }));
    const all = [
      { offset: 0, id: 1n, payload: 'secret-one', headers: 'header-one', origin: 5 },
      { offset: 1, id: 2n, payload: 'secret-two', headers: '', origin: 6 },
      { offset: 2, id: 3n, payload: '', headers: '', origin: 9 },
      { offset: 3, id: 9n, payload: 'later', headers: '', origin: 7 },
    ];
    expect(shown(0, 9)).toEqual(all);
    expect(shown(1, 1)).toEqual(all.slice(1, 2));
    expect(shown(2, 9)).toEqual(all.slice(2));
  });

  test('ends a poll in front of what it cannot decrypt, and tells so once', () => {
    const first = written(toyCipher(0x55));
    for (const cipher of [toyCipher(0x66), toyCipher(0x77)]) {
      const partition = reopened(first, cipher);
      for (let i = 0; i < 2; i++) {
        expect(partition.poll('first', 0, 9)).toMatchObject({ currentOffset: 2, messages: [] });
        partition.settle();
      }
      expect(partition.told.filter(({ kind }) => kind === 'unreadable')).toEqual([
        { kind: 'unreadable', offset: 0 },
      ]);
      // What comes now can be read, and offsets go on.
      expect(partition.send(1)).toEqual({ confirmed: { partition: 0, base: 3 } });
      expect(partition.offsets('offset', 3, 9)).toEqual([3]);
    }
  });

  test('serves nothing that was sent before it encrypted', () => {
    const plain = new PartitionHarness({ settings });
    plain.send(2);

    expect(reopened(plain, toyCipher(0x55)).offsets('first', 0, 9)).toEqual([]);
  });

  test('refuses a batch that would not fit a frame any more', () => {
    const growing: MessageCipher = {
      seal: (plain) => new Uint8Array(64 * 1024 * 1024 - headerSize - plain.length),
      open: () => undefined,
    };
    const partition = new PartitionHarness({ cipher: growing });

    expect(partition.send(1)).toEqual({ status: 3 });
    expect(partition.log).toEqual([]);
  });
});
