import { describe, expect, it } from 'vitest';
import { getU64 } from '../../../src/base/index.js';
import { CanonicalLog } from '../../../src/simulator/check/canonical-log.js';
import { RemovalChecker } from '../../../src/simulator/check/removal-checker.js';
import type { Violation } from '../../../src/simulator/check/verdict.js';
import { DurableLedger } from '../../../src/simulator/world/durable-ledger.js';
import type { SimNode } from '../../../src/simulator/world/sim-node.js';
import { commands, encode, prepareHeader } from '../../../src/wire/index.js';
import { makePrepare } from '../../consensus/harness/prepares.js';

function bench(committedIn: number) {
  const found: Violation[] = [];
  const report = (violation: Violation) => found.push(violation);
  const canonical = new CanonicalLog({ clientSlots: 4, retiredSlots: 2 }, report);
  const body = encode(commands.create_stream.request, { name: 'a', options: [] });
  const frame = makePrepare({ op: 1, body });
  canonical.committed(frame, { node: 0, view: committedIn });
  const checksum = getU64(frame, prepareHeader.offsetOf.checksum);
  const ledger = new DurableLedger();
  const checker = new RemovalChecker(canonical, report);
  const rewrite = () =>
    checker.rewritten({ index: 1, ledger } as SimNode, new Map([[1, checksum]]));
  return { ledger, checksum, rewrite, rules: () => found.map(({ invariant }) => invariant) };
}

describe('S11: what leaves a journal', () => {
  it('is not a committed entry, unless a durable snapshot contains it', () => {
    const { ledger, checksum, rewrite, rules } = bench(0);
    ledger.entries.set(1, checksum);
    rewrite();
    ledger.entries.clear();
    ledger.snapshotOp = 1;
    rewrite();
    expect(rules()).toEqual([]);
    ledger.snapshotOp = 0;
    rewrite();
    expect(rules()).toEqual(['S11']);
  });

  it('may be one that a later view than that of the log committed', () => {
    const { ledger, rewrite, rules } = bench(2);
    ledger.logView = 1;
    rewrite();
    expect(rules()).toEqual([]);
    ledger.logView = 2;
    rewrite();
    expect(rules()).toEqual(['S11']);
  });
});
