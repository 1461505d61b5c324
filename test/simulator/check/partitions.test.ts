import { describe, expect, it } from 'vitest';
import { setU32, setU64Number } from '../../../src/base/index.js';
import { compareReplica } from '../../../src/simulator/check/partition-end.js';
import { messageId, PartitionHistory } from '../../../src/simulator/check/partition-history.js';
import { judgePoll } from '../../../src/simulator/check/partition-poll.js';
import { PartitionRecord } from '../../../src/simulator/check/partition-record.js';
import { PartitionWatch } from '../../../src/simulator/check/partition-watch.js';
import type { Violation } from '../../../src/simulator/check/verdict.js';
import {
  commands,
  encode,
  encodeSendMessages,
  Operation,
  prepareHeader,
  readSendMessages,
  stampBatch,
} from '../../../src/wire/index.js';
import { makePrepare } from '../../consensus/harness/prepares.js';

const by = { node: 0, view: 0 };
const target = {
  stream_id: 0,
  topic_id: 0,
  partitioning: { kind: 2, value: 0 },
} as const;

/** A batch as a client makes it. */
function batch(client: number, call: number, count: number, text = 'x'): Uint8Array {
  const messages = Array.from({ length: count }, (_, i) => ({
    id: messageId(client, call, i),
    payload: new TextEncoder().encode(`${text}${i}`),
    originTimestamp: 1n,
  }));
  return readSendMessages(encodeSendMessages(target, messages)).batch.slice();
}

/** The same with the stamps of a server. */
function stamped(bytes: Uint8Array, baseOffset: number, baseTimestamp: number): Uint8Array {
  const copy = bytes.slice();
  stampBatch(copy, { partitionId: 0, baseOffset, baseTimestamp });
  return copy;
}

function checksumOf(frame: Uint8Array): bigint {
  const { checksum } = prepareHeader.offsetOf;
  return new DataView(frame.buffer, frame.byteOffset).getBigUint64(checksum, true);
}

class Judged {
  readonly found: Violation[] = [];
  readonly history = new PartitionHistory();
  readonly record: PartitionRecord;
  /** The next entry does not name the one below. */
  isLoose = false;
  #parent = 0n;
  #op = 0;

  constructor(ack: 'fsync' | 'memory' = 'fsync') {
    const report = (violation: Violation) => this.found.push(violation);
    const about = { history: this.history, report };
    this.record = new PartitionRecord({ group: 0, revision: 1, ack }, 3, about);
  }

  get invariants(): string[] {
    return this.found.map(({ invariant }) => invariant);
  }

  /** Has a client send a batch, `times` over. */
  sent(bytes: Uint8Array, client = 0, call = 1, times = 1): void {
    this.history.made(client, call, bytes);
    for (let i = 0; i < times; i++) this.history.sent(client, call);
  }

  commit(body: Uint8Array, operation: number = Operation.SendMessages): void {
    this.#op += 1;
    const timestamp = this.#op * 10;
    const parent = this.isLoose ? 0n : this.#parent;
    this.isLoose = false;
    const frame = makePrepare({ op: this.#op, parent, body, operation, timestamp });
    this.record.committed(frame, by);
    this.#parent = checksumOf(frame);
  }

  poll(
    payload: Uint8Array,
    asked?: Parameters<typeof judgePoll>[2],
    oldest = 0,
  ): string | undefined {
    const facts = { holder: () => undefined, oldest: () => oldest };
    return judgePoll(this.record, payload, asked, facts)?.invariant;
  }
}

/** A poll reply with these batches. */
function reply(currentOffset: number, count: number, ...batches: Uint8Array[]): Uint8Array {
  const size = batches.reduce((sum, each) => sum + each.length, 16);
  const body = new Uint8Array(size);
  setU64Number(body, 4, currentOffset);
  setU32(body, 12, count);
  let at = 16;
  for (const each of batches) {
    body.set(each, at);
    at += each.length;
  }
  return body;
}

/** Two batches of two messages, sent, committed and served. */
function filled() {
  const judged = new Judged();
  const first = batch(0, 1, 2);
  const second = batch(0, 2, 2);
  judged.sent(first, 0, 1);
  judged.sent(second, 0, 2);
  judged.commit(stamped(first, 0, 10));
  judged.commit(stamped(second, 2, 20));
  expect(judged.invariants).toEqual([]);
  return { judged, first: stamped(first, 0, 10), second: stamped(second, 2, 20) };
}

describe('the record of a partition', () => {
  it('accepts what was sent, once, without gaps', () => {
    const { judged, first, second } = filled();
    expect(judged.record.reference.next).toBe(4);
    expect(judged.poll(reply(3, 4, first, second))).toBeUndefined();
  });

  it('catches an offset that is skipped or given again (D3)', () => {
    for (const base of [3, 1]) {
      const judged = new Judged();
      const bytes = batch(0, 1, 2);
      judged.sent(bytes, 0, 1, 2);
      judged.commit(stamped(bytes, 0, 10));
      judged.commit(stamped(bytes, base, 20));
      expect(judged.invariants).toEqual(['D3']);
    }
  });

  it('lets a lost log in memory go on behind its reservation, but not behind less than that', () => {
    const judged = new Judged('memory');
    for (const node of [0, 1]) judged.record.forgot(node, 2);
    judged.record.vanished();
    const bytes = batch(0, 1, 2);
    judged.sent(bytes, 0, 1, 5);
    judged.commit(stamped(bytes, 65_536, 10));
    expect(judged.invariants).toEqual([]);
    judged.commit(stamped(bytes, 4, 20));
    expect(judged.invariants).toEqual(['D3']);
  });

  it('lets offsets jump once for each time a log in memory vanished, and not while it lives', () => {
    const judged = new Judged('memory');
    const bytes = batch(0, 1, 2);
    judged.sent(bytes, 0, 1, 9);
    judged.record.forgot(0, 2);
    judged.commit(stamped(bytes, 65_536, 10));
    expect(judged.invariants).toEqual(['D3']);
    judged.record.vanished();
    judged.commit(stamped(bytes, 131_072, 20));
    expect(judged.invariants).toEqual(['D3']);
    judged.commit(stamped(bytes, 196_608, 30));
    expect(judged.invariants).toEqual(['D3', 'D3']);
  });

  it('lets a lone replica that lost its journal go on behind an op it does not know', () => {
    const judged = new Judged('memory');
    judged.commit(new Uint8Array(0), Operation.CreateStream);
    judged.isLoose = true;
    judged.commit(new Uint8Array(0), Operation.CreateStream);
    expect(judged.invariants).toEqual(['S2']);
    judged.record.forgot(0, 1);
    judged.isLoose = true;
    judged.commit(new Uint8Array(0), Operation.CreateStream);
    expect(judged.invariants).toEqual(['S2']);
  });

  it('judges no more what a replica opens again that had removed it', () => {
    for (const [opener, expected] of [
      [0, []],
      [1, ['D3']],
    ] as const) {
      const { judged } = filled();
      judged.record.removedBy.add(0);
      judged.record.opened(opener);
      judged.commit(stamped(batch(0, 1, 2), 9, 30));
      expect(judged.invariants.slice(0, 1)).toEqual(expected);
    }
  });

  it('catches more copies than were sent, and what was refused for good (D4)', () => {
    const twice = new Judged();
    const bytes = batch(0, 1, 1);
    twice.sent(bytes);
    twice.commit(stamped(bytes, 0, 10));
    twice.commit(stamped(bytes, 1, 20));
    expect(twice.invariants).toEqual(['D4']);

    const refused = new Judged();
    refused.sent(bytes);
    refused.history.refused(0, 1, 58);
    refused.commit(stamped(bytes, 0, 10));
    expect(refused.invariants).toEqual(['D4']);

    const open = new Judged();
    open.sent(bytes);
    open.history.refused(0, 1, 57);
    open.commit(stamped(bytes, 0, 10));
    expect(open.invariants).toEqual([]);
  });

  it('catches messages that nobody sent, or not like this (D5)', () => {
    const unknown = new Judged();
    unknown.commit(stamped(batch(0, 1, 1), 0, 10));
    expect(unknown.invariants).toEqual(['D5']);

    const altered = new Judged();
    altered.sent(batch(0, 1, 1));
    altered.commit(stamped(batch(0, 1, 1, 'y'), 0, 10));
    expect(altered.invariants).toEqual(['D5']);
  });

  it('catches two entries at one op (S1) and a gap in the log (S2)', () => {
    const { judged } = filled();
    const body = encode(commands.get_streams.request, {});
    judged.record.committed(makePrepare({ op: 1, body, timestamp: 99 }), by);
    judged.record.committed(makePrepare({ op: 9, body, timestamp: 99 }), by);
    expect(judged.invariants).toEqual(['S1', 'S2']);
  });

  it('follows stored offsets: explicit ones rewind, deletions forget', () => {
    const { judged } = filled();
    const where = {
      consumer: { kind: 1, id: 7 },
      stream_id: 0,
      topic_id: 0,
      partition_id: 0,
    } as const;
    for (const offset of [3n, 1n]) {
      const body = encode(commands.store_consumer_offset.request, { ...where, offset, ack: 1 });
      judged.commit(body, Operation.StoreConsumerOffset);
    }
    expect(judged.record.reference.offsets.get('1/7')).toBe(1);
    const gone = encode(commands.delete_consumer_offset.request, { ...where, ack: 1 });
    judged.commit(gone, Operation.DeleteConsumerOffset);
    expect(judged.record.reference.offsets.has('1/7')).toBe(false);
  });
});

describe('the judge of polls', () => {
  it('catches other content at an offset that was confirmed (D2)', () => {
    const { judged, first } = filled();
    const moved = first.slice();
    setU64Number(moved, 8, 2);
    expect(judged.poll(reply(3, 2, moved))).toBe('D2');
  });

  it('catches a gap (D3) and a count that is not true (D5)', () => {
    const { judged, first } = filled();
    const third = batch(0, 3, 1);
    judged.sent(third, 0, 3);
    judged.commit(stamped(third, 4, 30));
    expect(judged.poll(reply(4, 3, first, stamped(third, 4, 30)))).toBe('D3');
    expect(judged.poll(reply(4, 9, first))).toBe('D5');
  });

  it('catches what is not committed, or above the offset it names (D7)', () => {
    const { judged, first } = filled();
    const pending = batch(0, 9, 1);
    judged.sent(pending, 0, 9);
    expect(judged.poll(reply(4, 1, stamped(pending, 4, 30)))).toBe('D7');
    expect(judged.poll(reply(0, 2, first))).toBe('D7');
  });

  it('catches messages of an earlier life of the same name (D8)', () => {
    const { judged } = filled();
    const old = new Judged();
    const bytes = batch(5, 1, 1);
    old.sent(bytes, 5, 1);
    old.commit(stamped(bytes, 0, 10));
    const served = reply(3, 1, stamped(bytes, 0, 10));
    expect(
      judgePoll(judged.record, served, undefined, { holder: () => old.record })?.invariant,
    ).toBe('D8');
  });

  it('catches answers that are too short, too long or begin in the wrong place (D1)', () => {
    const { judged, first, second } = filled();
    const ask = (strategy: 'offset' | 'last' | 'timestamp', value: number, count: number) =>
      ({ strategy, value, count }) as const;
    expect(judged.poll(reply(3, 2, first), ask('offset', 0, 4))).toBe('D1');
    expect(judged.poll(reply(3, 4, first, second), ask('offset', 0, 1))).toBe('D1');
    expect(judged.poll(reply(3, 2, first), ask('offset', 1, 2))).toBe('D1');
    expect(judged.poll(reply(3, 2, first), ask('last', 0, 2))).toBe('D1');
    expect(judged.poll(reply(3, 2, second), ask('timestamp', 5, 2))).toBe('D1');
    expect(judged.poll(reply(3, 2, second), ask('timestamp', 15, 2))).toBeUndefined();
    // Segments of old messages may be gone.
    expect(judged.poll(reply(3, 2, second), ask('timestamp', 5, 2), 2)).toBeUndefined();
    expect(judged.poll(reply(3, 2, second), ask('timestamp', 5, 2), 1)).toBe('D1');
    expect(judged.poll(reply(3, 4, first, second), ask('offset', 0, 9))).toBeUndefined();
  });
});

describe('the watch of a replica', () => {
  it('sees what was committed and had left the journal before the turn ended', () => {
    const { record } = new Judged('memory');
    const frame = makePrepare({ op: 1, timestamp: 10 });
    const evicted = new Map([[1, { frame, checksum: checksumOf(frame) }]]);
    const status = { commitMin: 1, head: 1, view: 0, status: 'normal', transferStage: 'idle' };
    const replica = { status, state: { log: new Map(), evicted } };
    const host = { replica, group: 0 };
    const node = { index: 0 };
    const made = { host, node, record, nodes: [], quorum: 2 };

    new PartitionWatch(made as unknown as ConstructorParameters<typeof PartitionWatch>[0]);

    expect(record.head).toBe(1);
  });
});

describe('the judge of the end', () => {
  const facts = { deletedUpTo: 0, mayExpire: false, holder: () => undefined };

  /** A replica that holds these batches and stored offsets. */
  function replica(
    batches: readonly Uint8Array[],
    offsets: Readonly<Record<number, number>> = {},
    current = 3,
  ) {
    const baseOf = (bytes: Uint8Array) => Number(new DataView(bytes.buffer).getBigUint64(8, true));
    const machine = {
      poll: ({ start }: { readonly start: { readonly value: bigint } }) => {
        const left = batches.filter((bytes) => baseOf(bytes) >= Number(start.value));
        return { body: reply(current, 2 * left.length, ...left) };
      },
      storedOffset: (_kind: string, consumer: number) => offsets[consumer] ?? -1,
    };
    return { machine };
  }

  it('is content with a replica that holds everything', () => {
    const { judged, first, second } = filled();
    expect(compareReplica(judged.record, replica([first, second]), facts)).toBeUndefined();
  });

  it('catches messages that are missing at the end and at the beginning (D1)', () => {
    const { judged, first, second } = filled();
    const bad = (batches: readonly Uint8Array[], extra: object = {}) =>
      compareReplica(judged.record, replica(batches), { ...facts, ...extra })?.invariant;
    expect(bad([first])).toBe('D1');
    expect(bad([])).toBe('D1');
    expect(bad([second])).toBe('D1');
    expect(bad([second], { deletedUpTo: 1 })).toBeUndefined();
    expect(bad([second], { mayExpire: true })).toBeUndefined();
  });

  it('is content with a replica whose messages have all expired, if it goes on behind them', () => {
    const { judged } = filled();
    const bad = (current: number, extra: object = {}) =>
      compareReplica(judged.record, replica([], {}, current), { ...facts, ...extra })?.invariant;
    expect(bad(3, { mayExpire: true })).toBeUndefined();
    expect(bad(3, { deletedUpTo: 3 })).toBeUndefined();
    expect(bad(3, { deletedUpTo: 2 })).toBe('D1');
    expect(bad(1, { mayExpire: true })).toBe('D1');
  });

  it('catches other bytes around the same messages (S20)', () => {
    const { judged, first, second } = filled();
    const other = first.slice();
    other[60] = 1;
    const found = compareReplica(judged.record, replica([other, second]), facts);
    expect(found?.invariant).toBe('S20');
  });

  it('catches stored offsets that are lost or come back (D6)', () => {
    const { judged, first, second } = filled();
    const bad = (offsets: Readonly<Record<number, number>>) =>
      compareReplica(judged.record, replica([first, second], offsets), facts)?.invariant;
    judged.record.reference.offsets.set('1/1', 3);
    judged.record.reference.offsets.set('1/101', 2);
    expect(bad({ 1: 3, 101: 2 })).toBeUndefined();
    expect(bad({ 1: 3, 101: 3 })).toBeUndefined();
    expect(bad({ 1: 2, 101: 2 })).toBe('D6');
    expect(bad({ 1: 3, 101: 1 })).toBe('D6');
    expect(bad({ 1: 3, 2: 0, 101: 2 })).toBe('D6');
  });
});
