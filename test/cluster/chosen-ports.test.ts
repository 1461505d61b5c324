import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { openAgain } from '../../src/cluster/chosen-ports.js';
import { LocalCluster } from '../../src/cluster/index.js';
import { ListenError } from '../../src/platform/index.js';
import { hashing } from '../helpers/remembered-hashing.js';

const chosen = { tcp: 0, correlated: undefined, websocket: undefined };
const taken = (port: number, code = 'EADDRINUSE') =>
  new ListenError('127.0.0.1', port, Object.assign(new Error(code), { code }));

/** Fails with these errors, one after the other, before it opens. */
function opening(...errors: readonly Error[]) {
  const left = [...errors];
  const tries = { count: 0 };
  const open = () => {
    tries.count += 1;
    const error = left.shift();
    return error === undefined ? Promise.resolve('open') : Promise.reject(error);
  };
  return { open, tries };
}

describe('ports that the system chose', () => {
  it('are waited for when somebody else has them for a while', async () => {
    const { open, tries } = opening(taken(40_001), taken(40_001));
    expect(await openAgain(chosen, open, () => false)).toBe('open');
    expect(tries.count).toBe(3);
  });

  it('are not waited for when nobody waits for the node', async () => {
    const { open, tries } = opening(taken(40_001));
    await expect(openAgain(chosen, open, () => true)).rejects.toBeInstanceOf(ListenError);
    expect(tries.count).toBe(1);
  });

  it('are the only ones that are waited for, and being taken the only reason', async () => {
    for (const [asked, error] of [
      [{ ...chosen, tcp: 8090 }, taken(8090)],
      [{ ...chosen, websocket: 8092 }, taken(8092)],
      [chosen, taken(40_001, 'EACCES')],
      [chosen, new Error('something else')],
    ] as const) {
      const { open, tries } = opening(error);
      await expect(openAgain(asked, open, () => false)).rejects.toBe(error);
      expect(tries.count).toBe(1);
    }
  });

  it('are those of a node also after it was started again', async () => {
    const cluster = await LocalCluster.start({ hashing, nodes: 1, ephemeral: true, portBase: 0 });
    try {
      const port = cluster.nodes[0]?.ports.tcp ?? 0;
      await cluster.kill(0, 'crash');
      const other = createServer().listen(port, '127.0.0.1');
      await once(other, 'listening');
      const restarted = cluster.restart(0);
      other.close();
      await restarted;
      expect(cluster.nodes[0]).toMatchObject({ state: 'running', ports: { tcp: port } });
    } finally {
      await cluster.stop();
    }
  });
});
