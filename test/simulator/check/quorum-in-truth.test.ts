import { describe, expect, it } from 'vitest';
import { getU64 } from '../../../src/base/index.js';
import { InvariantHistory } from '../../../src/consensus/index.js';
import { CanonicalLog } from '../../../src/simulator/check/canonical-log.js';
import { FrameChecker } from '../../../src/simulator/check/frame-checker.js';
import { ReplicaWatch } from '../../../src/simulator/check/replica-watch.js';
import type { Violation } from '../../../src/simulator/check/verdict.js';
import { Recorder } from '../../../src/simulator/trace/recorder.js';
import { DurableLedger } from '../../../src/simulator/world/durable-ledger.js';
import type { SimNode } from '../../../src/simulator/world/sim-node.js';
import { Operation, prepareHeader } from '../../../src/wire/index.js';
import { makePrepare } from '../../consensus/harness/prepares.js';

const frame = makePrepare({ op: 1, builder: 0, operation: Operation.Register });
const checksum = getU64(frame, prepareHeader.offsetOf.checksum);

/** Replica 1 of three commits op 1; those named hold it. */
function committedBy(holders: readonly number[], status: { logView: number; view: number }) {
  const found: Violation[] = [];
  const report = (violation: Violation) => found.push(violation);
  const canonical = new CanonicalLog({ clientSlots: 4, retiredSlots: 2 }, report);
  const entry = { op: 1, frame, checksum };
  const log = { get: (op: number) => (op === 1 ? entry : undefined) };
  const replica = { status: { commitMin: 1, ...status }, state: { log } };
  const nodes = [0, 1, 2].map((index) => {
    const ledger = new DurableLedger();
    if (holders.includes(index)) ledger.entries.set(1, checksum);
    return { index, ledger, host: { replica } } as unknown as SimNode;
  });
  const frames = new FrameChecker(3, canonical, report);
  const watch = new ReplicaWatch({
    ...{ node: nodes[1]!, nodes, canonical, frames, report, quorum: 2 },
    ...{ history: new InvariantHistory(), recorder: new Recorder(false, 0) },
    committed: () => undefined,
  });
  watch.observeCommits();
  return { canonical, rules: () => found.map(({ invariant }) => invariant) };
}

describe('S9: a quorum in truth', () => {
  it('counts the primary of the view the op was committed in, also when the same turn left it', () => {
    const { rules } = committedBy([0, 1], { logView: 1, view: 2 });
    expect(rules()).toEqual([]);
  });

  it('does not count the primary of the view that is only asked for', () => {
    const { rules } = committedBy([0, 2], { logView: 1, view: 2 });
    expect(rules()).toEqual(['S9']);
  });

  it('has the next view look for what was committed before it (S10)', () => {
    const { canonical } = committedBy([0, 1], { logView: 1, view: 2 });
    expect(canonical.entries[1]?.view).toBe(1);
  });
});
