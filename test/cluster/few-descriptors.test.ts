import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { IggyClient } from '../../src/client/index.js';
import { ChildCluster } from '../helpers/child-cluster.js';

const directory = mkdtempSync(join(tmpdir(), 'iggyctl-descriptors-'));
afterAll(() => rm(directory, { recursive: true, force: true }));

// Three nodes of one process that take up a few hundred partitions with several files each at once.
describe.runIf(process.platform !== 'win32')('a process with few file descriptors', () => {
  it('makes and serves more partitions than it may have files open', async () => {
    const options = { nodes: 3, portBase: 0, dataDir: directory };
    const cluster = await ChildCluster.start(options, 150);
    const servers = [0, 1, 2].map((node) => `127.0.0.1:${cluster.port(node)}`);
    const credentials = { username: 'iggy', password: 'iggy' };
    const client = new IggyClient({ servers, credentials });
    await client.connect();
    await client.streams.create('s');
    await client.topics.create('s', { name: 't', partitions: 120 });

    for (const partition of [119, 60, 0]) {
      const to = { stream: 's', topic: 't', partitioning: { partition } };
      const [sent] = await client.messages.send(to, [{ payload: 'x' }]);
      expect(sent).toMatchObject({ partition_id: partition, base_offset: 0n });
    }
    await client.topics.delete('s', 't');
    expect(await client.topics.list('s')).toEqual([]);

    client.destroy();
    await cluster.stop();
  }, 120_000);
});
