import { describe, expect, it } from 'vitest';
import { ClusterSettings } from '../../src/cluster/index.js';
import { rosterOf } from '../../src/cluster/roster.js';

const ports = (tcp: number, websocket?: number) => ({ tcp, correlated: undefined, websocket });
const base = { name: 'dev', host: '127.0.0.1', settings: new ClusterSettings() };

describe('rosterOf', () => {
  it("announces upstream's default ports for a lone node on the default port", () => {
    expect(rosterOf({ ...base, portBase: 8090, ports: [ports(8090)] })).toEqual({
      clusterName: 'single-node',
      nodes: [
        {
          name: 'iggy-node',
          replica: 0,
          host: '127.0.0.1',
          tcp: 8090,
          quic: 8080,
          http: 3000,
          websocket: 8092,
        },
      ],
    });
  });

  it('announces what is bound anywhere else', () => {
    const alone = rosterOf({ ...base, portBase: 9000, ports: [ports(9000)] });
    expect(alone.nodes[0]).toMatchObject({ tcp: 9000, quic: 0, http: 0, websocket: 0 });
    const free = rosterOf({ ...base, portBase: 0, ports: [ports(40_123, 40_124)] });
    expect(free.nodes[0]).toMatchObject({ tcp: 40_123, websocket: 40_124 });
    const pair = rosterOf({ ...base, portBase: 8090, ports: [ports(8090), ports(8091)] });
    expect(pair).toMatchObject({
      clusterName: 'dev',
      nodes: [
        { name: 'node-0', tcp: 8090, quic: 0, http: 0, websocket: 0 },
        { name: 'node-1', tcp: 8091 },
      ],
    });
  });

  it('puts advertised values in their place, ports by index', () => {
    const settings = new ClusterSettings(
      Object.entries({
        'advertise.host': 'iggy.example',
        'advertise.tcp': '443',
        'advertise.quic': '0',
        'advertise.http': '80',
      }).map(([name, value]) => ({ name, value, origin: 'test' })),
    );
    const { nodes } = rosterOf({
      ...base,
      settings,
      portBase: 8090,
      ports: [ports(8090), ports(8091)],
    });

    expect(nodes).toMatchObject([
      { advertisedHost: 'iggy.example', tcp: 443, quic: 0, http: 80, websocket: 0 },
      { advertisedHost: 'iggy.example', tcp: 444, quic: 0, http: 81 },
    ]);
  });
});
