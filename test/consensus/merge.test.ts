import { describe, expect, it } from 'vitest';
import { prepareOp } from '../../src/consensus/frame/prepare.js';
import type { Vote } from '../../src/consensus/frame/suffix.js';
import { quorums } from '../../src/consensus/index.js';
import { type MergeOutcome, mergeVotes } from '../../src/consensus/merge.js';
import { makeChain, makePrepare } from './harness/prepares.js';

const chain = makeChain(12).map((frame) => frame.slice(0, 256));
const other = makeChain(12, { client: 77n }).map((frame) => frame.slice(0, 256));

interface VoteOptions {
  readonly replica: number;
  readonly logView?: number;
  readonly op: number;
  readonly commit?: number;
  /** Headers this voter reports; blank where undefined. */
  readonly log?: readonly (Uint8Array | undefined)[];
  /** Ops whose body it cannot serve. */
  readonly absent?: readonly number[];
  readonly blank?: readonly number[];
  readonly silent?: boolean;
  readonly floor?: number;
}

function vote(options: VoteOptions): Vote {
  const { replica, op, logView = 1, commit = 1, log = chain, absent = [], blank = [] } = options;
  const suffix: (Uint8Array | undefined)[] = [];
  let present = 0n;
  let nack = 0n;
  for (let at = op; at >= Math.max(commit, 1) && options.silent !== true; at--) {
    const bit = 1n << BigInt(op - at);
    const isBlank = blank.includes(at);
    suffix.push(isBlank ? undefined : log[at - 1]);
    if (!isBlank && !absent.includes(at)) present |= bit;
    else if (at > commit) nack |= bit;
  }
  return { replica, logView, op, commit, suffix, offsetFloor: options.floor ?? 0, present, nack };
}

const merge = (votes: readonly Vote[], count = 3): MergeOutcome =>
  mergeVotes(votes, quorums(count));

function ready(outcome: MergeOutcome) {
  if (outcome.kind !== 'ready') throw new Error(JSON.stringify(outcome));
  const { opHead, commitMax, headers, committedElsewhere } = outcome.log;
  return {
    opHead,
    commitMax,
    ops: headers.map(prepareOp),
    elsewhere: committedElsewhere.map(prepareOp),
  };
}

describe('03-S02 merge matrix', () => {
  it('03-S02 waits for a quorum', () => {
    expect(merge([vote({ replica: 0, op: 5 })])).toEqual({ kind: 'awaiting-quorum' });
  });

  it('03-S02 agreeing votes give the shared head', () => {
    const votes = [vote({ replica: 0, op: 5, commit: 3 }), vote({ replica: 1, op: 5, commit: 4 })];
    expect(ready(merge(votes))).toEqual({ opHead: 5, commitMax: 4, ops: [5, 4], elsewhere: [] });
  });

  it('03-S02 empty logs give an empty log', () => {
    const votes = [0, 1].map((replica) => vote({ replica, op: 0, commit: 0 }));
    expect(ready(merge(votes))).toEqual({ opHead: 0, commitMax: 0, ops: [], elsewhere: [] });
  });

  it('03-S02 a nack quorum above the commit point truncates exactly below the first dead op', () => {
    const votes = [
      vote({ replica: 0, op: 7, commit: 4, absent: [6, 7] }),
      vote({ replica: 1, op: 5, commit: 4 }),
    ];
    expect(ready(merge(votes))).toMatchObject({ opHead: 5, ops: [5, 4] });
  });

  it('03-S02 one nack short keeps the op', () => {
    const votes = [vote({ replica: 0, op: 6, commit: 4 }), vote({ replica: 1, op: 5, commit: 4 })];
    expect(ready(merge(votes))).toMatchObject({ opHead: 6, ops: [6, 5, 4] });
  });

  it('03-S02 a nack quorum at or below the commit point refuses the view', () => {
    const votes = [
      vote({ replica: 0, op: 4, commit: 2 }),
      vote({ replica: 1, op: 4, commit: 2 }),
      { ...vote({ replica: 2, op: 4, commit: 2 }), commit: 4, op: 4, suffix: [], present: 0n },
    ].map((each) => ({ ...each, nack: 0b1n }));
    expect(merge(votes)).toEqual({ kind: 'deadlocked', op: 4, reason: 'committed_nacked' });
  });

  it('03-S02 a commit point that is blank on every voter is undecidable', () => {
    const votes = [0, 1, 2].map((replica) => vote({ replica, op: 5, commit: 4, blank: [4] }));
    expect(merge(votes)).toEqual({ kind: 'deadlocked', op: 4, reason: 'undecidable' });
    expect(merge(votes.slice(0, 2))).toEqual({ kind: 'awaiting-repair', op: 4 });
  });

  it('03-S02 a blank on one voter is filled from the other', () => {
    const votes = [
      vote({ replica: 0, op: 5, commit: 4, blank: [4] }),
      vote({ replica: 1, op: 5, commit: 4 }),
    ];
    expect(ready(merge(votes))).toMatchObject({ opHead: 5, ops: [5, 4] });
  });

  it('03-S02 a header nobody can serve waits for more votes, and deadlocks without any', () => {
    const bare = (replica: number): Vote => ({
      ...vote({ replica, op: 5, commit: 4, absent: [5] }),
      nack: 0n,
    });
    expect(merge([bare(0), bare(1)])).toEqual({ kind: 'awaiting-repair', op: 5 });
    expect(merge([bare(0), bare(1), bare(2)])).toEqual({
      kind: 'deadlocked',
      op: 5,
      reason: 'undecidable',
    });
  });

  it('03-S02 a longer log of an older view is not adopted', () => {
    const votes = [
      vote({ replica: 0, op: 5, commit: 4, logView: 2 }),
      vote({ replica: 1, op: 9, commit: 4, logView: 1 }),
    ];
    expect(ready(merge(votes))).toMatchObject({ opHead: 5 });
  });

  it('03-S02 a committed header that only a stale sender has is installed if it is chained', () => {
    const votes = [
      vote({ replica: 0, op: 5, commit: 4, logView: 2 }),
      vote({ replica: 1, op: 3, commit: 3, logView: 1 }),
    ];
    expect(ready(merge(votes))).toMatchObject({ ops: [5, 4], elsewhere: [3] });
  });

  it('03-S02 and dropped if it is not chained', () => {
    const votes = [
      vote({ replica: 0, op: 5, commit: 4, logView: 2 }),
      vote({ replica: 1, op: 3, commit: 3, logView: 1, log: other }),
    ];
    expect(ready(merge(votes))).toMatchObject({ ops: [5, 4], elsewhere: [] });
  });

  it('03-S02 two stale senders that disagree about a committed op refuse the view', () => {
    const votes = [
      vote({ replica: 0, op: 5, commit: 4, logView: 2 }),
      vote({ replica: 1, op: 3, commit: 3, logView: 1 }),
      vote({ replica: 2, op: 3, commit: 3, logView: 1, log: other }),
    ];
    const outcome = merge(votes, 5);
    expect(outcome).toMatchObject({ kind: 'deadlocked', reason: 'committed_disagreement' });
  });

  it('03-S02 honest canonical senders do not nack against one corrupted canonical header', () => {
    const votes = [
      vote({ replica: 0, op: 5, commit: 4 }),
      vote({ replica: 1, op: 5, commit: 4, log: [...chain.slice(0, 4), other[4]] }),
    ];
    expect(merge(votes)).toEqual({ kind: 'awaiting-repair', op: 5 });
  });

  it('03-S02 older senders with another header nack the canonical one', () => {
    const votes = [
      vote({ replica: 0, op: 5, commit: 4, logView: 2, absent: [5] }),
      vote({ replica: 1, op: 5, commit: 4, logView: 1, log: [...chain.slice(0, 4), other[4]] }),
    ];
    expect(ready(merge(votes))).toMatchObject({ opHead: 4 });
  });

  it('03-S89 a silent canonical voter and one nack are no quorum', () => {
    const silent = vote({ replica: 0, op: 5, commit: 4, logView: 2, silent: true });
    const older = [1, 2].map((replica) => vote({ replica, op: 5, commit: 4, logView: 1 }));
    expect(merge([silent, ...older.slice(0, 1)])).toEqual({ kind: 'awaiting-repair', op: 4 });
    expect(merge([silent, ...older])).toMatchObject({ kind: 'deadlocked', op: 4 });
    expect(mergeVotes([silent, ...older.slice(0, 1)], quorums(2)).kind).toBe('deadlocked');
  });

  it('03-S02 a clamped suffix floor or commit 0 does not raise the commit point', () => {
    const votes = [0, 1].map((replica) => vote({ replica, op: 3, commit: 0 }));
    expect(ready(merge(votes))).toMatchObject({ commitMax: 0, opHead: 3, ops: [3, 2, 1] });
  });

  it('03-S02 a commit inside a head header raises it', () => {
    const head = makePrepare({ op: 5, parent: 0n, commit: 4 }).slice(0, 256);
    const log = [...makeChain(4).map((frame) => frame.slice(0, 256)), head];
    const votes = [0, 1].map((replica) => vote({ replica, op: 5, commit: 2, log }));
    const outcome = merge(votes);
    expect(outcome).toMatchObject({ kind: 'deadlocked', reason: 'chain_break' });
    const chained = makeChain(5, { commit: 3 }).map((frame) => frame.slice(0, 256));
    const good = [0, 1].map((replica) => vote({ replica, op: 5, commit: 2, log: chained }));
    expect(ready(merge(good))).toMatchObject({ commitMax: 3, ops: [5, 4, 3] });
  });

  it('03-S02 a head beyond the pipeline ceiling proves a commit, the local depth does not', () => {
    const long = makeChain(200).map((frame) => frame.slice(0, 256));
    const votes = [0, 1].map((replica) => vote({ replica, op: 140, commit: 100, log: long }));
    expect(ready(merge(votes)).commitMax).toBe(100);
    const wide = [0, 1].map((replica) => ({
      ...vote({ replica, op: 140, commit: 13, log: long }),
      commit: 1,
    }));
    expect(ready(merge(wide)).commitMax).toBe(13);
  });

  it('03-S76 a header that three of five know and nobody holds is discarded', () => {
    const votes = [2, 3, 4].map((replica) => vote({ replica, op: 9, commit: 8, absent: [9] }));
    expect(ready(merge(votes, 5))).toMatchObject({ opHead: 8, ops: [8] });
  });

  it('03-S04 a late vote decides', () => {
    const bare = { ...vote({ replica: 0, op: 5, commit: 4, absent: [5] }), nack: 0n };
    const votes = [bare, { ...bare, replica: 1 }];
    expect(merge(votes).kind).toBe('awaiting-repair');
    expect(ready(merge([...votes, vote({ replica: 2, op: 5, commit: 4 })]))).toMatchObject({
      opHead: 5,
    });
  });
});

describe('where the offsets of a merged log begin', () => {
  const empty = { op: 0, commit: 0 } as const;
  const floorOf = (votes: readonly Vote[]): number => {
    const outcome = merge(votes);
    if (outcome.kind !== 'ready') throw new Error(outcome.kind);
    return outcome.log.offsetFloor;
  };

  it('03-S65 an empty log goes on behind the highest reservation, whoever the canonical voters are', () => {
    const late = vote({ replica: 1, ...empty, logView: 7 });
    const lost = vote({ replica: 2, ...empty, logView: 3, floor: 65_536 });
    expect(floorOf([late, lost])).toBe(65_536);
    expect(floorOf([late, lost, vote({ replica: 0, ...empty, logView: 4, floor: 99 })])).toBe(
      65_536,
    );
  });

  it('03-S65 a log with entries that name none keeps the floor it began with', () => {
    const lost = vote({ replica: 2, ...empty, logView: 3, floor: 90_000 });
    const follower = vote({ replica: 0, op: 2, logView: 5, floor: 65_536 });
    expect(floorOf([follower, { ...follower, replica: 1 }, lost])).toBe(65_536);
  });

  it('03-S65 a log that has named its offsets needs none', () => {
    const behind = vote({ replica: 0, op: 2, logView: 5, floor: 65_536 });
    const lost = vote({ replica: 2, ...empty, logView: 3, floor: 90_000 });
    expect(floorOf([behind, vote({ replica: 1, op: 2, logView: 5 }), lost])).toBe(0);
  });
});
