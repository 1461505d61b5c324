import { afterAll, describe, expect, it } from 'vitest';
import { ClusterHome } from '../helpers/cluster-home.js';

const home = new ClusterHome();
afterAll(() => home.remove(), 60_000);

describe('a cluster of one node', () => {
  it('06-S76 announces its real port and three zeros away from the default port', async () => {
    const up = ['cluster', 'up', 'lone', '-d', '-n', '1', '--ephemeral', '--port-base', '0'];
    const { nodes } = await home.json<{ nodes: readonly { tcp: number }[] }>(...up);
    const metadata = await home.json('cluster', 'metadata');

    expect(metadata).toMatchObject({
      name: 'single-node',
      nodes: [
        {
          name: 'iggy-node',
          endpoints: { tcp: nodes[0]?.tcp, quic: 0, http: 0, websocket: 0 },
          role: 'leader',
          status: 'healthy',
        },
      ],
    });
  });
});
