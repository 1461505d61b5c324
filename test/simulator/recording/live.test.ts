import { describe, expect, it } from 'vitest';
import { replayRecording } from '../../../src/simulator/index.js';
import { killPrimary, load, prepare, startRecorded } from '../../helpers/recorded-run.js';

describe('a recording of a live cluster', () => {
  it('replays to the same digests through the death of a primary, a wipe and a purge', async () => {
    const run = await startRecorded();
    await prepare(run);
    await load(run, 40, 'a');
    await killPrimary(run);
    await load(run, 20, 'b');
    await run.client.topics.purge('s', 't');
    await killPrimary(run, { wipe: true });
    await load(run, 20, 'c');
    const replay = replayRecording(await run.stop());

    const diverged = replay.chapters.filter(({ result }) => result !== 'identical');
    expect(diverged).toEqual([]);
    expect(replay.chapters.every(({ isComplete }) => isComplete)).toBe(true);
    expect(replay.isOverwritten).toBe(false);
    console.log(replay.inputs, replay.digests, replay.chapters);
  });
});
