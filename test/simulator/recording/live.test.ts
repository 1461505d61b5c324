import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { IggyClient } from '../../../src/client/index.js';
import { replayRecording } from '../../../src/simulator/index.js';
import { killPrimary, load, prepare, startRecorded } from '../../helpers/recorded-run.js';
import { rewritten } from '../../helpers/rewrite-recording.js';

const metadataGroup = 1n << 63n;

function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'iggyctl-replayed-'));
  onTestFinished(() => rm(made, { recursive: true, force: true }));
  return made;
}

/** Elections take a while where much else is going on. */
const timeout = 180_000;

describe('a recording of a live cluster', { timeout }, () => {
  it('07-1.2 replays to the same digests through kills of the primary, a wipe and a purge', async () => {
    const run = await startRecorded();
    await prepare(run);
    await load(run, 40, 'a');
    await killPrimary(run);
    await load(run, 20, 'b');
    await run.client.topics.purge('s', 't');
    await killPrimary(run, { wipe: true });
    await load(run, 20, 'c');
    const file = await run.stop();
    const replay = replayRecording(file);

    expect(replay.chapters.filter(({ result }) => result !== 'identical')).toEqual([]);
    // Three nodes of three groups, and at least what came back with two of them.
    expect(replay.chapters.length).toBeGreaterThanOrEqual(13);
    expect(replay.chapters.every(({ isComplete }) => isComplete)).toBe(true);
    expect(replay).toMatchObject({ isOverwritten: false, isTorn: false });
    expect(replay.digests).toBeGreaterThanOrEqual(replay.chapters.length);
    checkChanges(file);
  });

  it('replays nodes that recover from files', async () => {
    const dataDir = directory();
    const first = await startRecorded({ dataDir });
    await prepare(first);
    await load(first, 30, 'a');
    await first.stop();
    const run = await startRecorded({ dataDir });
    await load(run, 20, 'b');
    await killPrimary(run);
    await load(run, 10, 'c');
    const replay = replayRecording(await run.stop());

    expect(replay.chapters.filter(({ result }) => result !== 'identical')).toEqual([]);
    expect(replay.chapters.length).toBeGreaterThanOrEqual(10);
  });

  it('replays partitions that acknowledge from memory, on a disk that fails', async () => {
    const settings = [{ name: 'partition.ack', value: 'memory', origin: 'test' }];
    const run = await startRecorded({ settings, nodes: 3 });
    await prepare(run);
    await load(run, 10, 'a');
    const backup = run.cluster.nodes.find(({ id }) => id !== run.cluster.status().primary);
    await run.cluster.faults.disk(backup?.id ?? 1, { kind: 'enospc', target: 'segment' });
    await load(run, 20, 'b');
    run.cluster.faults.heal();
    await load(run, 10, 'c');
    const replay = replayRecording(await run.stop());

    expect(replay.chapters.filter(({ result }) => result !== 'identical')).toEqual([]);
  });

  it('holds no password and no token that a client sent', async () => {
    const run = await startRecorded({ nodes: 1 });
    const { client } = run;
    const secrets = ['first-Secret-01', 'second-Secret-02', 'wrong-Secret-03'];
    const [first = '', second = '', wrong = ''] = secrets;
    await client.users.create({ username: 'somebody', password: first });
    await client.users.changePassword('somebody', { current: first, next: second });
    await client.users
      .changePassword('somebody', { current: wrong, next: first })
      .catch(() => undefined);
    const token = await client.tokens.create({ name: 'mine' });
    const servers = run.cluster.nodes.map(({ ports }) => `127.0.0.1:${ports.tcp}`);
    for (const credentials of [{ username: 'somebody', password: second }, { token }]) {
      const other = new IggyClient({ servers, credentials });
      await other.connect();
      other.destroy();
    }
    const refused = new IggyClient({
      servers,
      credentials: { username: 'somebody', password: wrong },
    });
    await expect(refused.connect()).rejects.toThrow();
    refused.destroy();
    const text = Buffer.from(await run.stop()).toString('latin1');

    expect(text).toContain('somebody');
    expect([...secrets, token].filter((secret) => text.includes(secret))).toEqual([]);
  });

  it('leaves out partitions whose messages are encrypted at rest', async () => {
    const encryptionKey = Uint8Array.from({ length: 32 }, (_, i) => i);
    const run = await startRecorded({ nodes: 1, encryptionKey });
    await prepare(run);
    await load(run, 10, 'confidential');
    const file = await run.stop();
    const { chapters } = replayRecording(file);

    expect(Buffer.from(file).toString('latin1')).not.toContain('confidential 1');
    expect(chapters.map(({ result }) => result)).toEqual(['identical', 'unrecorded', 'unrecorded']);
    expect(chapters[1]?.reason).toMatch(/encrypted at rest/);
  });
});

/** What was changed, or is not there, is found. */
function checkChanges(file: Uint8Array): void {
  let hasChanged = false;
  const changedInput = rewritten(file, (entry) => {
    const { input } = entry;
    if (hasChanged || input.kind !== 'propose') return entry;
    hasChanged = true;
    const { now, proposal } = input.value;
    const value = { now: now + 1_000_000, proposal };
    return { ...entry, input: { kind: 'propose', value } };
  });
  const found = replayRecording(changedInput).chapters.filter(
    ({ result }) => result === 'diverged',
  );
  expect(found).toMatchObject([{ group: 'metadata', divergence: { since: 0 } }]);
  expect(found[0]?.divergence?.what).toContain('effects');

  const changedDigest = rewritten(file, (entry) => {
    const { input } = entry;
    const isIt = input.kind === 'digest' && input.value.node === 1 && entry.chapter > 0;
    if (!isIt || input.value.group !== metadataGroup) return entry;
    const value = { ...input.value, machine: input.value.machine ^ 1n };
    return { ...entry, input: { kind: 'digest', value } };
  });
  const [diverged] = replayRecording(changedDigest).chapters.filter(
    ({ result }) => result === 'diverged',
  );
  expect(diverged).toMatchObject({
    ...{ node: 1, group: 'metadata', divergence: { what: ['machine'] } },
  });

  const lost = rewritten(file, (entry, i) => (i === 500 ? undefined : entry));
  expect(replayRecording(lost).chapters.some(({ result }) => result === 'diverged')).toBe(true);

  const short = replayRecording(file, { until: 100 });
  expect(short.chapters.every(({ inputs, digests }) => inputs <= 100 && digests <= 1)).toBe(true);

  const beheaded = replayRecording(rewritten(file, (entry) => entry, 300_000));
  expect(beheaded.isOverwritten).toBe(true);
  expect(beheaded.chapters.some(({ result }) => result === 'beheaded')).toBe(true);
  expect(beheaded.chapters.some(({ result }) => result === 'diverged')).toBe(false);
}
