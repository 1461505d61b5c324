import { describe, expect, it } from 'vitest';
import { runChaos } from './harness/chaos.js';

const seeds = Number(process.env['CHAOS_SEEDS'] ?? 4);
const first = Number(process.env['CHAOS_FIRST'] ?? 1);

describe('a cluster under faults', () => {
  for (let seed = first; seed < first + seeds; seed++) {
    const replicaCount = [3, 5, 3, 2, 4, 3, 6][seed % 7] ?? 3;
    it(`keeps one log and every acknowledged operation (seed ${seed}, ${replicaCount})`, () => {
      const cluster = runChaos({
        replicaCount,
        seed,
        ticks: 4000,
        maxDown: replicaCount,
        loss: [0, 20, 100, 5][seed % 4] ?? 0,
        duplication: [0, 30, 0, 50][seed % 4] ?? 0,
        delay: [0, 3, 1, 8][seed % 4] ?? 0,
        slowDisk: seed % 3 === 0,
        limits: {
          journalSlots: 64,
          checkpointMargin: 8,
          pipelineDepth: 4,
          repairChunk: 4,
          checkpointLogFactor: 0,
          chunkBytes: 512,
          clientSlots: 4,
          retiredSlots: 4,
        },
      });

      expect(cluster.history.applied.size).toBeGreaterThan(10);
    });
  }
});
