import { afterAll, describe, expect, it } from 'vitest';
import { ClusterHome } from '../helpers/cluster-home.js';

const home = new ClusterHome();
afterAll(() => home.remove(), 60_000);

describe('a cluster of one node', () => {
  it('06-S76 announces its real port and three zeros away from the default port', async () => {
    const up = ['cluster', 'up', 'lone', '-v', '-d', '-n', '1', '--ephemeral', '--port-base', '0'];
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

  it('was started with -v, so that every step of consensus can be read later', async () => {
    expect((await home.run('stream', 'create', 'logged')).code).toBe(0);
    const args = ['cluster', 'logs', '--level', 'debug', '--grep', 'OperationCommitted', '--json'];
    const { code, stdout } = await home.run(...args, '--tail', '1');

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'cluster.event', event: 'commit', node: 0 });
  });
});
