import { describe, expect, it } from 'vitest';
import { Cluster } from './harness/cluster.js';
import { urgentOperation } from './harness/counter-machine.js';

describe('normal operation', () => {
  for (const replicaCount of [1, 2, 3, 4, 5, 6, 7, 9, 32]) {
    it(`commits a register and requests in a cluster of ${replicaCount}`, () => {
      const cluster = new Cluster({ replicaCount });
      const register = cluster.register(0, 5n);
      cluster.run(60);

      expect(cluster.outcome(register)).toEqual({
        kind: 'registered',
        session: 1,
        watermark: 0n,
        origin: 1,
      });
      const tokens = [1n, 2n, 3n].map((request) => {
        const token = cluster.request(0, { client: 5n, session: 1, request });
        cluster.settle();
        return token;
      });
      cluster.run(100);

      for (const token of tokens) expect(cluster.outcome(token)?.kind).toBe('committed');
      for (const { replica, machine } of cluster.nodes) {
        expect(replica?.status.commitMin).toBe(4);
        expect(machine.count).toBe(3);
        expect(machine.digest).toBe(cluster.node(0).machine.digest);
      }
    });
  }

  it('tells the others at once of a commit that they should not hear late', () => {
    const cluster = new Cluster();
    const register = cluster.register(0, 5n);
    cluster.settle();
    expect(cluster.outcome(register)?.kind).toBe('registered');
    const known = () => cluster.nodes.map(({ replica }) => replica?.status.commitMin);
    cluster.request(0, { client: 5n, session: 1, request: 1n });
    cluster.settle();
    expect(known()).toEqual([2, 1, 1]);

    cluster.request(0, { client: 5n, session: 1, request: 2n, operation: urgentOperation });
    cluster.settle();

    expect(known()).toEqual([3, 3, 3]);
    cluster.request(0, { client: 5n, session: 1, request: 3n, isUrgent: true });
    cluster.settle();

    expect(known()).toEqual([4, 4, 4]);
  });
});
