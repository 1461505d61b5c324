import { describe, expect, it } from 'vitest';
import type { NodeRecord } from '../../../src/cli/cluster/status-record.js';
import {
  statusColumns,
  statusColumnsFor,
  statusRow,
} from '../../../src/cli/cluster/status-tables.js';
import { renderTable } from '../../../src/render/index.js';

const node = (id: number): NodeRecord => ({
  ...{ id, address: `127.0.0.1:${40_000 + id}`, reachable: true, role: 'backup', status: 'normal' },
  ...{ view: 1, log_view: 1, commit: '1234', op: '1234', lag: '0', pipeline: 0 },
  ...{ checkpoint_op: '0', partitions_behind: 0, uptime_us: 61_000_000, rtt_us: 5900, error: null },
});

describe('the table of a cluster', () => {
  it('leaves out what matters least on a narrow terminal, and cuts no address', () => {
    const nodes = [0, 1, 2].map(node);
    const columns = statusColumnsFor(nodes, 80);
    const text = renderTable(columns, nodes.map(statusRow), { width: 80 });

    expect(text).toContain('127.0.0.1:40002');
    expect(text).not.toContain('…');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(columns.map(({ key }) => key)).toEqual(expect.arrayContaining(['view', 'commit', 'op']));
    expect(statusColumnsFor(nodes, 0)).toBe(statusColumns);
    expect(statusColumnsFor(nodes, 200)).toBe(statusColumns);
  });
  it('cuts nothing at 40 columns either, and keeps an error', () => {
    const well = [0, 1, 2].map(node);
    const failed = [...well.slice(1), { ...node(3), status: 'stopped', error: 'sync_failed' }];
    for (const [nodes, keys] of [
      [well, ['id', 'role', 'status', 'view', 'commit']],
      [failed, ['id', 'role', 'status', 'error']],
    ] as const) {
      const columns = statusColumnsFor(nodes, 40);
      const text = renderTable(columns, nodes.map(statusRow), { width: 40 });
      expect(columns.map(({ key }) => key)).toEqual(expect.arrayContaining([...keys]));
      expect(text).not.toContain('…');
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(40);
    }
  });
});
