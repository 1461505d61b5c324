import { describe, expect, it } from 'vitest';
import type { ConsensusLimits } from '../../src/consensus/index.js';
import { type ChaosOptions, runChaos } from './harness/chaos.js';

const seeds = Number(process.env['CHAOS_SEEDS'] ?? 6);
const first = Number(process.env['CHAOS_FIRST'] ?? 1);

/** Small enough that checkpoints, evictions and transfers happen all the time. */
const small: Partial<ConsensusLimits> = {
  journalSlots: 64,
  checkpointMargin: 8,
  pipelineDepth: 4,
  repairChunk: 4,
  checkpointLogFactor: 0,
  chunkBytes: 512,
  clientSlots: 4,
  retiredSlots: 4,
};

/** Short timers, so that elections happen all the time. */
const hasty: Partial<ConsensusLimits> = {
  heartbeatTicks: 200,
  commitTicks: 20,
  viewChangeRetransmitTicks: 10,
  viewChangeStatusTicks: 60,
  probeTicks: 15,
  repairTicks: 20,
  prepareTicks: 5,
};

function optionsOf(seed: number): ChaosOptions {
  const replicaCount = [3, 5, 3, 2, 4, 3, 6][seed % 7] ?? 3;
  const isHasty = seed % 2 === 1;
  return {
    replicaCount,
    seed,
    ticks: 4000,
    maxDown: seed % 3 === 0 ? replicaCount : 1,
    rate: isHasty ? 12 : 4,
    loss: [0, 20, 100, 5][seed % 4] ?? 0,
    duplication: [0, 30, 0, 50][seed % 4] ?? 0,
    delay: [0, 3, 1, 8][seed % 4] ?? 0,
    slowDisk: seed % 3 === 0,
    corruption: seed % 2 === 0 ? 20 : 0,
    diskFaults: seed % 5 < 2,
    limits: isHasty ? { ...small, ...hasty } : small,
  };
}

/** Runs that once failed: a mixed vote, a full journal, a barrier, a candidate left behind. */
const regressions = [5094, 5621, 5736, 6103];

describe('a cluster under faults', () => {
  const fresh = Array.from({ length: seeds }, (_, i) => first + i);
  for (const seed of [...fresh, ...regressions]) {
    const options = optionsOf(seed);
    it(`keeps one log and every acknowledged operation (seed ${seed})`, () => {
      const cluster = runChaos(options);

      expect(cluster.history.applied.size).toBeGreaterThan(10);
    });
  }
});
