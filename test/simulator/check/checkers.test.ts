import { describe, expect, it } from 'vitest';
import { setU32, setU64, setU64Number } from '../../../src/base/index.js';
import { CanonicalLog } from '../../../src/simulator/check/canonical-log.js';
import { FrameChecker } from '../../../src/simulator/check/frame-checker.js';
import { checkReads, checkRealTime } from '../../../src/simulator/check/linearizability.js';
import { ReplyChecker } from '../../../src/simulator/check/reply-checker.js';
import type { Violation } from '../../../src/simulator/check/verdict.js';
import { ReferenceSessions } from '../../../src/simulator/model/reference-sessions.js';
import { DurableLedger } from '../../../src/simulator/world/durable-ledger.js';
import { commands, encode, Operation, prepareHeader } from '../../../src/wire/index.js';
import { makeChain, makePrepare } from '../../consensus/harness/prepares.js';

const limits = { clientSlots: 2, retiredSlots: 1 };
const by = { node: 0, view: 0 };

function judge() {
  const found: Violation[] = [];
  const report = (violation: Violation) => found.push(violation);
  const canonical = new CanonicalLog(limits, report);
  return { canonical, report, invariants: () => found.map(({ invariant }) => invariant) };
}

function streams(...names: string[]): Uint8Array[] {
  const chain: Uint8Array[] = [];
  let parent = 0n;
  names.forEach((name, i) => {
    const body = encode(commands.create_stream.request, { name, options: [] });
    const op = i + 1;
    const frame = makePrepare({ op, parent, body, operation: Operation.CreateStream });
    chain.push(frame);
    parent = new DataView(frame.buffer, frame.byteOffset).getBigUint64(
      prepareHeader.offsetOf.checksum,
      true,
    );
  });
  return chain;
}

describe('the canonical log', () => {
  it('accepts one log from all replicas', () => {
    const { canonical, invariants } = judge();
    for (const frame of streams('a', 'b')) {
      expect(canonical.committed(frame, by)).toBe(true);
      expect(canonical.committed(frame, { node: 1, view: 0 })).toBe(false);
    }
    expect(invariants()).toEqual([]);
  });

  it('catches two entries at one op (S1)', () => {
    const { canonical, invariants } = judge();
    canonical.committed(streams('a')[0]!, by);
    canonical.committed(streams('b')[0]!, { node: 1, view: 0 });
    expect(invariants()).toEqual(['S1']);
  });

  it('catches an entry that hangs from another one, and a gap (S2)', () => {
    const { canonical, invariants } = judge();
    const chain = streams('a', 'b', 'c');
    canonical.committed(chain[0]!, by);
    canonical.committed(chain[2]!, by);
    canonical.committed(streams('x', 'y')[1]!, by);
    expect(invariants()).toEqual(['S2', 'S2']);
  });

  it('catches time that does not grow (S17)', () => {
    const { canonical, invariants } = judge();
    const body = encode(commands.create_stream.request, { name: 'a', options: [] });
    const first = makePrepare({ op: 1, timestamp: 50, body });
    const parent = new DataView(first.buffer, first.byteOffset).getBigUint64(0, true);
    canonical.committed(first, by);
    canonical.committed(makePrepare({ op: 2, timestamp: 50, parent, body }), by);
    expect(invariants()).toEqual(['S17']);
  });
});

describe('the model of sessions', () => {
  const entry = (op: number, operation: number, client: bigint, request = 0n) => ({
    op,
    operation,
    client,
    request,
    userId: 0,
  });

  it('catches a second execution (C1)', () => {
    const { report, invariants } = judge();
    const sessions = new ReferenceSessions(limits, report);
    sessions.apply(entry(1, Operation.Register, 1n));
    sessions.apply(entry(2, Operation.CreateStream, 1n, 1n));
    sessions.apply(entry(3, Operation.CreateStream, 1n, 1n));
    expect(invariants()).toEqual(['C1']);
  });

  it('lets the server propose under its own id again and again', () => {
    const { report, invariants } = judge();
    const sessions = new ReferenceSessions(limits, report);
    const [server, number] = [(0xffff_ffff_ffff_ffffn << 64n) | 1n, 0xffff_ffff_ffff_ffffn];
    for (const op of [1, 2]) {
      sessions.apply(entry(op, Operation.CompleteConsumerGroupRevocation, server, number));
    }
    expect(invariants()).toEqual([]);
  });

  it('catches an epoch that goes back (C3) and a request after a logout (C8)', () => {
    const { report, invariants } = judge();
    const sessions = new ReferenceSessions(limits, report);
    sessions.apply(entry(5, Operation.Register, 1n));
    sessions.apply(entry(4, Operation.Register, 1n));
    sessions.apply(entry(6, Operation.Logout, 1n));
    sessions.apply(entry(7, Operation.CreateStream, 1n, 9n));
    expect(invariants()).toEqual(['C3', 'C8']);
  });

  it('evicts the oldest, keeps its watermark, and sees a table that did not (C6)', () => {
    const { report } = judge();
    const sessions = new ReferenceSessions(limits, report);
    sessions.apply(entry(1, Operation.Register, 1n));
    sessions.apply(entry(2, Operation.Register, 2n));
    sessions.apply(entry(3, Operation.CreateStream, 1n, 4n));
    sessions.apply(entry(4, Operation.Register, 3n));
    expect([...sessions.live.keys()]).toEqual([1n, 3n]);
    expect([...sessions.retired.keys()]).toEqual([2n]);
    expect(sessions.difference({ live: [], retired: [] })).toContain('live');
  });
});

describe('the judge of frames', () => {
  const sender = (extra: object = {}) => ({
    index: 1,
    ledger: new DurableLedger(),
    mustBeSilent: false,
    commitMin: 0,
    ...extra,
  });
  const at = prepareHeader.offsetOf;

  function ack(op: number, checksum: bigint): Uint8Array {
    const frame = new Uint8Array(256);
    setU32(frame, 48, 256);
    frame[60] = 7;
    // Offsets of a PrepareOk: the checksum of the prepare and its op.
    setU64(frame, 144, checksum);
    setU64Number(frame, 160, op);
    return frame;
  }

  it('catches a prepare from somebody else than the primary (S6), and two of them (S7)', () => {
    const { canonical, report, invariants } = judge();
    const checker = new FrameChecker(3, canonical, report);
    checker.sent(sender({ index: 2 }), makePrepare({ op: 1 }));
    checker.sent(sender({ index: 0 }), makePrepare({ op: 1, client: 77n }));
    expect(invariants()).toEqual(['S6', 'S7']);
  });

  it('catches a view that is not durable (S8)', () => {
    const { canonical, report, invariants } = judge();
    const checker = new FrameChecker(3, canonical, report);
    checker.sent(sender({ index: 1 }), makePrepare({ op: 1, view: 1, builder: 1 }));
    expect(invariants()).toEqual(['S8']);
  });

  it('catches an acknowledgement of what is not on disk (S8) or above a hole (S26)', () => {
    const { canonical, report, invariants } = judge();
    const checker = new FrameChecker(3, canonical, report);
    checker.sent(sender(), ack(1, 5n));
    const holder = sender();
    holder.ledger.entries.set(3, 5n);
    holder.ledger.entries.set(1, 4n);
    checker.sent(holder, ack(3, 5n));
    expect(invariants()).toEqual(['S8', 'S26']);
    expect(checker.holders(5n)).toBe(0);
  });

  it('catches a frame after a failed sync (S23)', () => {
    const { canonical, report, invariants } = judge();
    const checker = new FrameChecker(3, canonical, report);
    const frame = makeChain(1)[0]!;
    expect(frame[at.command]).toBe(6);
    checker.sent(sender({ index: 0, mustBeSilent: true }), frame);
    expect(invariants()).toEqual(['S23']);
  });
});

describe('the judge of histories', () => {
  const call = (op: number, calledAt: number, returnedAt: number, extra: object = {}) => ({
    client: 0,
    kind: 'create-stream',
    calledAt,
    returnedAt,
    op,
    headAtReturn: 9,
    ...extra,
  });

  it('catches an order that real time forbids', () => {
    const { report, invariants } = judge();
    checkRealTime([call(2, 0, 5), call(1, 10, 12)], report);
    expect(invariants()).toEqual(['L1']);
    const fine = judge();
    checkRealTime([call(1, 0, 5), call(2, 3, 12)], fine.report);
    expect(fine.invariants()).toEqual([]);
  });

  it('catches a stale linearizable read and lets a default one pass', () => {
    const { canonical, report, invariants } = judge();
    for (const frame of streams('a', 'b')) canonical.committed(frame, by);
    const writes = [call(1, 0, 5), call(2, 6, 9)];
    const read = { op: 0, streams: '0=a' };
    checkReads([...writes, call(0, 20, 25, { ...read, kind: 'read' })], canonical, report);
    expect(invariants()).toEqual([]);
    checkReads(
      [...writes, call(0, 20, 25, { ...read, kind: 'linearizable-read' })],
      canonical,
      report,
    );
    expect(invariants()).toEqual(['L2']);
    checkReads([call(0, 20, 25, { op: 0, streams: '7=z', kind: 'read' })], canonical, report);
    expect(invariants()).toEqual(['L2', 'L3']);
  });
});

describe('the judge of replies', () => {
  function reply(op: number, request: bigint, id: number): Uint8Array {
    const frame = new Uint8Array(256 + 8);
    setU32(frame, 48, frame.length);
    frame[60] = 8;
    const at = { client: 160, op: 176, request: 200, operation: 208 };
    setU64(frame, at.client, 9n);
    setU64Number(frame, at.op, op);
    setU64(frame, at.request, request);
    frame[at.operation] = Operation.CreateStream;
    setU32(frame, 256 + 4, id);
    return frame;
  }

  it('catches answers before the commit, of the wrong client, with the wrong result', () => {
    const { canonical, report, invariants } = judge();
    const checker = new ReplyChecker(canonical, report);
    checker.answered(0, reply(1, 1n, 0));
    for (const frame of streams('a', 'b')) canonical.committed(frame, by);
    checker.answered(0, reply(1, 2n, 0));
    checker.answered(0, reply(2, 2n, 5));
    expect(invariants()).toEqual(['S16', 'C7', 'S16']);
  });

  it('catches two different answers to one question (C2)', () => {
    const { canonical, report, invariants } = judge();
    const checker = new ReplyChecker(canonical, report);
    for (const frame of streams('a')) canonical.committed(frame, by);
    const frame = reply(1, 1n, 0);
    checker.answered(0, frame);
    const other = frame.slice();
    other[200 - 4] = 1;
    checker.answered(1, other);
    expect(invariants()).toEqual(['C2']);
  });
});
