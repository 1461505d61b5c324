import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { HandCluster } from './hand/hand-cluster.js';
import { readPoll, readTopic } from './hand/replies.js';
import {
  code,
  op,
  optionBool,
  optionU32,
  optionU64,
  place,
  pollBody,
  sendBody,
  streamBody,
  topicBody,
} from './hand/requests.js';

const mib = 1_048_576;
/** A batch of one message that takes 220,304 bytes on disk. */
const payload = 'x'.repeat(220_000);
const batchBytes = 220_304;

/** Sizes of the segment files of a node as the file system tells them, oldest first. */
function segmentFiles(dataDir: string, node: number): number[] {
  const names = readdirSync(dataDir, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('.log') && name.includes(`${node}/streams/`))
    .sort()
    .map((name) => statSync(join(dataDir, name)).size);
}

it.each([1, 3])(
  'preallocated segments keep what was sent through a crash among %i nodes',
  async (nodes) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'iggyctl-preallocated-'));
    onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
    const server = await HandCluster.open({}, { nodes, dataDir });
    const root = await server.root();
    await root.must(op.createStream, streamBody('s'));
    const options = [
      optionU64('segment_size', mib),
      optionU32('messages_required_to_save', 1),
      optionBool('preallocate_segments', true),
    ];
    await root.must(op.createTopic, topicBody('s', 't', 1, ...options));
    for (let i = 0; i < 7; i++) await root.sends(sendBody('s', 't', 0, [payload]));

    // Five batches fill the first segment; the second takes its room with its first batch.
    expect(segmentFiles(dataDir, server.primary)).toEqual([5 * batchBytes, mib]);
    const topic = async () =>
      readTopic(await (await server.root()).get(code.topic, place('s', 't')));
    const { list } = await topic();
    expect(list[0]).toMatchObject({ segments: 2, size: 7 * batchBytes, messages: 7 });

    const crashed = nodes === 1 ? 0 : (server.primary + 1) % nodes;
    await server.cluster.kill(crashed, 'crash');
    await server.cluster.restart(crashed);
    const again = await server.root();
    await again.sends(sendBody('s', 't', 0, [payload]));
    const poll = pollBody({
      reads: 1,
      stream: 's',
      topic: 't',
      partition: 0,
      by: 'first',
      count: 99,
    });
    expect(readPoll(await again.get(code.poll, poll)).offsets).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect((await topic()).list[0]).toMatchObject({ segments: 2, size: 8 * batchBytes });

    const commit = (node: number) => server.cluster.inspect(node).partitions?.[0]?.commit;
    await vi.waitFor(() => expect(commit(crashed)).toBe(commit(server.primary)), 60_000);
    await server.stop();
    for (let node = 0; node < nodes; node++) {
      // A backup that had not heard of the last commit writes it after its next start.
      const [first, second = 0] = segmentFiles(dataDir, node);
      expect(first).toBe(5 * batchBytes);
      expect([2 * batchBytes, 3 * batchBytes]).toContain(second);
    }
  },
);
