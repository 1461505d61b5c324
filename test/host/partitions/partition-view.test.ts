import { expect, it } from 'vitest';
import type { ReplicaStatus } from '../../../src/consensus/index.js';
import { partitionViewOf } from '../../../src/host/partitions/partition-view.js';
import { PartitionHarness } from '../../machine/partitions/partition-harness.js';

const converged: ReplicaStatus = {
  ...{ replica: 1, replicaCount: 3, group: 0n, status: 'normal', view: 0, logView: 0 },
  ...{ viewDurable: 0, logViewDurable: 0, primary: 0, isActingPrimary: false, isCaughtUp: false },
  ...{ hasCeded: false, head: 7, commitMin: 7, commitMax: 7, checkpointOp: 0, pipelineLength: 0 },
  ...{ requestQueueLength: 0, recoveryBarrier: 0, transferStage: 'idle', isRepairing: false },
  ...{ lostUpTo: 0, isFenced: false, isHalted: false },
};

it('05 a replica that lags behind cannot say that no segment is to be deleted', () => {
  const partition = new PartitionHarness({ settings: { segmentSize: 4_096 } });
  const { machine } = partition;
  const view = (status: Partial<ReplicaStatus> = {}) =>
    partitionViewOf({ machine, applyLocally: () => 0, status: { ...converged, ...status } });
  const lagging: readonly Partial<ReplicaStatus>[] = [
    { commitMax: 8 },
    { status: 'view-change' },
    { status: 'recovering' },
    { transferStage: 'fetching' },
    { recoveryBarrier: 9 },
    { isFenced: true },
    { isHalted: true },
  ];

  expect(view().truncationOffset(2)).toBe(0);
  for (const each of lagging) {
    expect([each, view(each).truncationOffset(2)]).toEqual([each, undefined]);
    expect([each, view(each).truncationOffset(0)]).toEqual([each, 0]);
  }
  while (machine.truncationOffset(1) === 0) partition.send(5);
  for (const each of [{}, ...lagging]) {
    expect(view(each).truncationOffset(2)).toBe(machine.truncationOffset(1));
  }
});
