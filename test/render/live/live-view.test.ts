import { describe, expect, it } from 'vitest';
import {
  ansiStyle,
  displayWidth,
  type LiveModel,
  liveView,
  stripStyle,
} from '../../../src/render/index.js';

const model: LiveModel = {
  name: 'dev',
  isHealthy: true,
  reasons: [],
  view: 3,
  primary: 0,
  commit: 128,
  opsPerSecond: 412,
  uptimeMicros: 80_400_000,
  nodes: [0, 1, 2].map((id) => ({
    id,
    address: `127.0.0.1:${8090 + id}`,
    role: id === 0 ? 'primary' : 'backup',
    status: 'normal',
    view: 3,
    commit: 128,
    op: 129,
    pipeline: 1,
    connections: 2,
    links: id === 2 ? 'isolated' : 'ok',
    error: undefined,
  })),
  selected: 1,
  events: Array.from({ length: 40 }, (_, at) => ({
    timeMicros: 1_000_000 * at,
    node: at % 4 === 3 ? undefined : at % 4,
    level: 'info' as const,
    event: 'ViewChanged',
    detail: `oldView=${at} newView=${at + 1} reason=normal_heartbeat_timeout`,
  })),
  notices: [{ tone: 'warn', text: 'root has the default password' }],
  message: undefined,
  showsLog: false,
};

describe('liveView', () => {
  it('fills the terminal and never leaves it, whatever its size and colour', () => {
    for (const columns of [20, 40, 80, 100, 120, 200]) {
      for (const rows of [1, 5, 10, 24, 30, 60]) {
        const plain = liveView(model, { columns, rows });
        expect(plain).toHaveLength(rows);
        for (const line of plain) expect(displayWidth(line)).toBeLessThanOrEqual(columns);
        const coloured = liveView(model, { columns, rows }, ansiStyle);
        if (columns >= 40) expect(coloured.map(stripStyle)).toEqual(plain);
      }
    }
  });

  it('shows every node, the newest events and the keys in 80 columns', () => {
    const lines = liveView(model, { columns: 80, rows: 30 });
    expect(lines[0]).toMatch(/^dev {3}view 3 {3}primary 0 {3}commit 128 {3}412 ops\/s +up 1m 20s$/);
    expect(lines[1]).toBe('healthy');
    expect(lines.find((line) => line.startsWith('>'))).toMatch(/^> +1 +127\.0\.0\.1:8091 +backup/);
    expect(lines.filter((line) => line.includes('ViewChanged'))).toHaveLength(10);
    expect(lines.at(-1)).toBe(
      '↑↓ select  k kill  r restart  i isolate  h heal  s step-down  l logs  q stop',
    );
  });

  it('leaves columns out on a narrow terminal rather than cutting roles and states', () => {
    const nodes = liveView(model, { columns: 44, rows: 24 }).slice(3, 7);
    expect(nodes[2]).toMatch(/^> +1 +backup +normal +3 +ok$/);
    expect(nodes.join('')).not.toContain('…');
  });

  it('gives the screen to the events when they are asked for, and says why it is unhealthy', () => {
    const reasons = ['no quorum (1 of 2 needed nodes take part)'];
    const lines = liveView(
      { ...model, showsLog: true, isHealthy: false, reasons },
      { columns: 80, rows: 40 },
    );
    expect(lines.filter((line) => line.includes('ViewChanged')).length).toBeGreaterThan(20);
    expect(lines[1]).toBe(`unhealthy: ${reasons[0]}`);
    expect(lines.join('\n')).not.toContain('default password');
  });
});
