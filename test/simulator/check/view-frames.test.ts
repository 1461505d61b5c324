import { describe, expect, it } from 'vitest';
import { getU64 } from '../../../src/base/index.js';
import { type CommittedLog, FrameChecker } from '../../../src/simulator/check/frame-checker.js';
import type { Violation } from '../../../src/simulator/check/verdict.js';
import { DurableLedger } from '../../../src/simulator/world/durable-ledger.js';
import { buildFrame, prepareHeader, suffixBody } from '../../../src/wire/index.js';
import { makeChain } from '../../consensus/harness/prepares.js';

const at = prepareHeader.offsetOf;
const identityOf = (frame: Uint8Array) => getU64(frame, at.checksum);
const log = makeChain(3);
const other = makeChain(3, { client: 5n });
const newestFirst = (frames: readonly Uint8Array[]) =>
  suffixBody([...frames].reverse().map((frame) => frame.slice(0, 256)));

/** A log of which the first `head` entries are committed in view 0. */
function committedLog(head: number): CommittedLog {
  const entries = [
    undefined,
    ...log.slice(0, head).map((frame) => ({ checksum: identityOf(frame), view: 0 })),
  ];
  return { head, entries, get: (op) => entries[op] };
}

function judged(head: number, index: number) {
  const found: Violation[] = [];
  const checker = new FrameChecker(3, committedLog(head), (violation) => found.push(violation));
  const ledger = new DurableLedger();
  ledger.view = 4;
  ledger.logView = 4;
  const sender = { index, ledger, mustBeSilent: false, commitMin: 0 };
  return {
    ledger,
    sent: (frame: Uint8Array) => checker.sent(sender, frame),
    rules: () => found.map(({ invariant }) => invariant),
  };
}

const startView = (view: number, listed: readonly Uint8Array[]) =>
  buildFrame('StartView', { view, op: BigInt(listed.length) }, newestFirst(listed));

interface VoteFields {
  readonly logView?: number;
  readonly commit?: number;
  readonly nacks?: bigint;
}

const vote = (listed: readonly Uint8Array[], { logView = 0, commit = 0, nacks = 0n }: VoteFields) =>
  buildFrame(
    'DoViewChange',
    {
      ...{ view: 4, op: BigInt(listed.length), commit: BigInt(commit), logView },
      nackBitset: nacks,
    },
    newestFirst(listed),
  );

describe('the judge of frames of view changes', () => {
  it('S10: a new view that lacks what an earlier one committed', () => {
    const whole = judged(2, 1);
    whole.sent(startView(4, log));
    expect(whole.rules()).toEqual([]);
    const short = judged(2, 1);
    short.sent(startView(4, log.slice(0, 1)));
    expect(short.rules()).toEqual(['S10']);
  });

  it('S10: a new view that has something else in its place', () => {
    const judge = judged(2, 1);
    judge.sent(startView(4, other));
    expect(judge.rules()).toEqual(['S10']);
  });

  it('S10: what is committed in the view itself is not asked for', () => {
    const found = judged(0, 1);
    found.sent(startView(4, []));
    expect(found.rules()).toEqual([]);
  });

  it('S25: a vote that ends below what its sender holds', () => {
    const judge = judged(2, 2);
    for (const [i, frame] of log.entries()) judge.ledger.entries.set(i + 1, identityOf(frame));
    judge.sent(vote(log, {}));
    expect(judge.rules()).toEqual([]);
    judge.sent(vote(log.slice(0, 1), {}));
    expect(judge.rules()).toEqual(['S25']);
  });

  it('S25: a vote that denies what its sender holds, not what it lacks', () => {
    const judge = judged(2, 2);
    judge.ledger.entries.set(1, identityOf(log[0]!));
    judge.sent(vote(log, { nacks: 0b010n }));
    expect(judge.rules()).toEqual([]);
    judge.sent(vote(log, { nacks: 0b100n }));
    expect(judge.rules()).toEqual(['S25']);
  });

  it('S27: a vote below the commit point that is written for its log view', () => {
    const judge = judged(0, 2);
    judge.ledger.remembered = { logView: 3, commitMax: 2, headers: new Map() };
    judge.sent(vote(log, { logView: 3, commit: 2 }));
    judge.sent(vote(log.slice(0, 1), { logView: 2 }));
    expect(judge.rules()).toEqual([]);
    judge.sent(vote(log, { logView: 3, commit: 1 }));
    judge.sent(vote(log.slice(0, 1), { logView: 3, commit: 2 }));
    expect(judge.rules()).toEqual(['S27', 'S27']);
  });

  it('S27: a vote without a header that its log view began with', () => {
    const judge = judged(0, 2);
    const headers = new Map([[3, identityOf(log[2]!)]]);
    judge.ledger.remembered = { logView: 3, commitMax: 1, headers };
    judge.sent(vote(log, { logView: 3, commit: 1 }));
    judge.sent(vote(log, { logView: 3, commit: 3 }));
    expect(judge.rules()).toEqual([]);
    judge.sent(vote(log.slice(0, 2), { logView: 3, commit: 1 }));
    judge.sent(vote(other, { logView: 3, commit: 1 }));
    expect(judge.rules()).toEqual(['S27', 'S27']);
  });
});
