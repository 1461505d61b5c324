import { describe, expect, it } from 'vitest';
import { statusOfControl } from '../../../src/cli/cluster/status-record.js';

const node = (id: number, more: object = {}) => ({
  ...{ id, address: `127.0.0.1:${8090 + id}`, state: 'running', reachable: true },
  ...{ role: id === 0 ? 'primary' : 'backup', status: 'normal', view: 1, logView: 1 },
  ...{ commit: 5, op: 5, lag: 0, pipeline: 0, checkpointOp: 0, uptimeMillis: 10, connections: 0 },
  ...{ partitionsBehind: 0, refusals: [] },
  ...more,
});

const cluster = (...nodes: readonly ReturnType<typeof node>[]) => ({
  ...{ name: 'dev', healthy: true, reasons: [], quorum: { need: 2, have: 3 } },
  ...{ view: 1, primary: 0, nodes },
});

describe('the status of a local cluster', () => {
  it('tells how many partitions a node has still to fill, which is no illness', () => {
    const status = statusOfControl(cluster(node(0), node(1), node(2, { partitionsBehind: 3 })));

    expect(status.nodes.map((each) => each.partitions_behind)).toEqual([0, 0, 3]);
    expect(status).toMatchObject({ healthy: true, reasons: [] });
  });

  it('is not healthy while a node leaves a partition alone, and says why', () => {
    const reason = 'node 1 leaves partition 0/0/2 alone: a segment is damaged';
    const status = statusOfControl(cluster(node(0), node(1, { refusals: [reason] }), node(2)));

    expect(status).toMatchObject({ healthy: false, reasons: [reason] });
  });

  it('knows nothing of the partitions of a node that does not run', () => {
    const down = { id: 2, address: '127.0.0.1:8092', reachable: false, status: 'killed' };
    const status = statusOfControl(cluster(node(0), node(1), down as ReturnType<typeof node>));

    expect(status.nodes[2]).toMatchObject({ status: 'down', partitions_behind: null });
  });
});
