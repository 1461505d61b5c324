import { describe, expect, it } from 'vitest';
import type { NodeRecord, StatusRecord } from '../../../src/cli/cluster/status-record.js';
import { parseCondition } from '../../../src/cli/cluster/until.js';

function node(id: number, part: Partial<NodeRecord>): NodeRecord {
  return {
    ...{ id, address: `127.0.0.1:${8090 + id}`, reachable: true, role: 'backup' },
    ...{ status: 'normal', view: 1, log_view: 1, commit: '10', op: '10', lag: '0', pipeline: 0 },
    ...{ checkpoint_op: '0', partitions_behind: 0, uptime_us: 1, rtt_us: 1, error: null },
    ...part,
  };
}

function cluster(...parts: readonly Partial<NodeRecord>[]): StatusRecord {
  return {
    ...{ kind: 'cluster.status', v: 1, name: 'dev', source: 'control', healthy: true },
    ...{ reasons: [], quorum: { need: 2, have: 3 }, view: 1, primary: 1 },
    nodes: parts.map((part, id) => node(id, part)),
  };
}

describe('--until converged', () => {
  it('holds once all nodes have applied what any had at first, though the primary goes on', () => {
    const { holds } = parseCondition('converged');

    expect(holds(cluster({ commit: '4' }, { commit: '10' }, { commit: '10' }))).toBe(false);
    expect(holds(cluster({ commit: '9' }, { commit: '20' }, { commit: '19' }))).toBe(false);
    expect(holds(cluster({ commit: '10' }, { commit: '30' }, { commit: '28' }))).toBe(true);
  });

  it('does not hold while a node is in another view, or takes no part, or nobody leads', () => {
    const { holds } = parseCondition('converged');

    expect(holds(cluster({}, {}, { view: 0 }))).toBe(false);
    expect(holds(cluster({}, {}, { status: 'recovering' }))).toBe(false);
    expect(holds({ ...cluster({}, {}, {}), primary: null })).toBe(false);
    expect(holds(cluster({}, {}, {}))).toBe(true);
  });

  it('waits for partitions that a node has still to fill', () => {
    const { holds } = parseCondition('converged');

    expect(holds(cluster({}, {}, { partitions_behind: 3 }))).toBe(false);
    expect(holds(cluster({}, {}, { partitions_behind: null }))).toBe(true);
  });

  it('leaves out nodes that do not answer, as long as a quorum does', () => {
    const { holds } = parseCondition('converged');
    const down = { reachable: false, status: 'down', view: null, commit: null } as const;

    expect(holds(cluster({}, {}, down))).toBe(true);
    expect(holds(cluster({}, down, down))).toBe(false);
  });
});
