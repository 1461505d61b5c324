import { expect, it } from 'vitest';
import { replayRecording } from '../../../src/simulator/index.js';
import { killPrimary, load, prepare, startRecorded } from '../../helpers/recorded-run.js';

const millis = 60_000;

/** What the quick test does in a few seconds, for a minute. */
it('07-1.2 replays a minute of a live cluster of three nodes', async () => {
  const run = await startRecorded({ tickMillis: 10, limitBytes: 512 * 1024 * 1024 });
  await prepare(run);
  const end = performance.now() + millis;
  let sent = 0;
  for (let round = 0; performance.now() < end; round++) {
    sent += await load(run, 400, `r${round}`);
    if (round % 4 === 3) await killPrimary(run, { wipe: round % 8 === 7 });
  }
  const file = await run.stop();
  const from = process.cpuUsage();
  const replay = replayRecording(file);
  const { user, system } = process.cpuUsage(from);
  const cpuSeconds = (user + system) / 1e6;

  const { inputs, digests, chapters } = replay;
  const figures = { sent, bytes: file.length, inputs, digests, lives: chapters.length, cpuSeconds };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  expect(chapters.filter(({ result }) => result !== 'identical')).toEqual([]);
});
