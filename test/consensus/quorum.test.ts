import { describe, expect, it } from 'vitest';
import { countReplicas, quorums, replicaBit } from '../../src/consensus/index.js';

describe('quorums', () => {
  it.each([
    [1, 1, 1, 1, 0],
    [2, 2, 2, 1, 0],
    [3, 2, 2, 2, 1],
    [4, 2, 3, 3, 1],
    [5, 3, 3, 3, 2],
    [6, 3, 4, 4, 2],
    [7, 3, 5, 5, 3],
    [9, 3, 7, 7, 4],
    [32, 3, 30, 30, 15],
  ])('of %i replicas', (count, replication, viewChange, nack, startViewChange) => {
    expect(quorums(count)).toEqual({
      replicaCount: count,
      replication,
      viewChange,
      nack,
      startViewChange,
    });
  });

  it('intersect for every size: a commit is seen by every view change and never outvoted', () => {
    for (let count = 1; count <= 32; count++) {
      const q = quorums(count);
      expect(q.replication + q.viewChange).toBeGreaterThan(count);
      expect(q.replication + q.nack).toBeGreaterThan(count);
      expect(q.viewChange).toBeLessThanOrEqual(count);
    }
  });

  it.each([0, -1, 33, 255, 1.5, Number.NaN])('refuse %d replicas', (count) => {
    expect(() => quorums(count)).toThrow(
      expect.objectContaining({ code: 'CONSENSUS_CONFIG_INVALID' }),
    );
  });
});

it('counts replicas in a bitmap of 32', () => {
  expect(countReplicas(0)).toBe(0);
  expect(countReplicas(replicaBit(0) | replicaBit(5) | replicaBit(31))).toBe(3);
  expect(countReplicas(-1)).toBe(32);
});
