import { beforeEach, expect, it } from 'vitest';
import {
  type ArtifactSource,
  consensusLimits,
  Replica,
  type StateMachine,
} from '../../../src/consensus/index.js';
import { settleInstall } from '../../../src/consensus/install.js';
import { logEntry } from '../../../src/consensus/log.js';
import { artifactsInstalled } from '../../../src/consensus/partition-events.js';
import type { ReplicaState } from '../../../src/consensus/state.js';
import { OffsetMachine } from '../harness/offset-machine.js';
import { makePrepare } from '../harness/prepares.js';

const installed: number[] = [];
const artifacts: ArtifactSource = {
  offer: () => undefined,
  receive: () => undefined,
  received: () => true,
  areIntact: () => true,
  abandon: () => undefined,
  install: (commitOp) => installed.push(commitOp),
};

/** A member of a partition that has received all files of an offer with commit op 20. */
function receiver(): ReplicaState {
  const machine: StateMachine = Object.assign(new OffsetMachine(), { artifacts });
  const config = {
    ...{ cluster: 7n, group: (1n << 32n) | 5n, groupIncarnation: 1 },
    ...{ replica: 2, replicaCount: 3, limits: consensusLimits(), tracing: false },
    ...({ requestPolicy: 'watermark', durability: 'durable' } as const),
  };
  const { state } = new Replica(config, machine, { incarnation: 1n, entries: [] });
  const r: ReplicaState = state;
  r.transferStage = 'fetching';
  r.transfer = {
    ...{ nonce: 1n, peer: 0, commitOp: 20, commitMax: 20, view: 0 },
    ...{ artifacts: [], idleTicks: 0, stalls: 0 },
  };
  return r;
}

beforeEach(() => {
  installed.length = 0;
});

it('files of a busy partition are installed although commits went on: it would never end otherwise', () => {
  const r = receiver();
  r.commitMax = 35;
  settleInstall(r);
  expect(installed).toEqual([20]);
  artifactsInstalled(r, true);

  expect(r).toMatchObject({ commitMin: 20, commitMax: 35, transferStage: 'idle' });
  expect(r.isRepairWanted).toBe(true);
});

it('they are fetched again where the log holds what was committed behind the offer', () => {
  const r = receiver();
  r.commitMax = 35;
  r.log.put(logEntry(makePrepare({ op: 22 }), true));
  settleInstall(r);

  expect(installed).toEqual([]);
  expect(r).toMatchObject({ transferStage: 'awaiting-target', transferPeer: 0 });
  expect(r.refusedSnapshot).toBeUndefined();
  expect(r.log.has(22)).toBe(true);
});

it('an installed state does not end the log of the view: a vote speaks up to its head', () => {
  const r = receiver();
  r.head = 24;
  r.transferStage = 'installing';
  artifactsInstalled(r, true);
  expect(r).toMatchObject({ commitMin: 20, head: 24 });

  const behind = receiver();
  behind.transferStage = 'installing';
  artifactsInstalled(behind, true);
  expect(behind).toMatchObject({ commitMin: 20, head: 20 });
});
