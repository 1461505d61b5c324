import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRecording } from '../../../src/wire/index.js';
import { ClusterHome } from '../../helpers/cluster-home.js';
import { rewritten } from '../../helpers/rewrite-recording.js';
import type { CliRun } from '../../helpers/run-cli.js';

interface Replay {
  readonly identical: boolean;
  readonly inputs: number;
  readonly bytes: number;
  readonly lives: readonly {
    readonly node: number;
    readonly group: string;
    readonly result: string;
    readonly input?: number;
    readonly since?: number;
    readonly differs?: readonly string[];
  }[];
}

let home: ClusterHome;
let recording: Uint8Array;

beforeAll(async () => {
  home = new ClusterHome();
  // Until each replica has seen a good number of ticks.
  const wait = 'until [ "$(wc -c < live.rec)" -gt 20000 ]; do sleep 0.1; done';
  const { code, stderr } = await home.run(
    ...['cluster', 'run', '--record', 'live.rec', '--', 'sh', '-c', wait],
  );
  if (code !== 0) throw new Error(stderr);
  recording = new Uint8Array(readFileSync(join(home.directory, 'live.rec')));
}, 120_000);

afterAll(() => home.remove());

function replay(bytes: Uint8Array, ...flags: string[]): Promise<CliRun> {
  writeFileSync(join(home.directory, 'changed.rec'), bytes);
  return home.run('simulate', 'replay', 'changed.rec', ...flags);
}

describe('simulate replay of a recording', { timeout: 120_000 }, () => {
  it('says that it is identical, with counts', async () => {
    const text = await home.run('simulate', 'replay', 'live.rec');
    const json = await home.json<Replay>('simulate', 'replay', 'live.rec');
    expect([text.code, text.stderr]).toEqual([0, '']);
    expect(text.stdout).toMatch(/identical: \d+ inputs in 3 lives of replicas, \d+ digests/);
    expect(json).toMatchObject({ identical: true, bytes: recording.length });
    expect(json.lives.map(({ node, group }) => `${node} ${group}`).sort()).toEqual([
      ...['0 metadata', '1 metadata', '2 metadata'],
    ]);
    expect(statSync(join(home.directory, 'live.rec')).mode & 0o777).toBe(0o600);
  });

  it('stops after an input and lists what was told', async () => {
    const short = await home.run(
      ...['simulate', 'replay', 'live.rec', '--until', '30', '--log', 'short'],
    );
    const full = await home.run(
      ...['simulate', 'replay', 'live.rec', '--until', '30', '--from', '10', '--log', 'full'],
    );
    expect([short.code, full.code]).toEqual([0, 0]);
    expect(short.stdout).toMatch(/ r0 metadata superblock-done 1 ok/);
    expect(short.stdout).toMatch(/r0 metadata replayed +30 inputs/);
    expect(short.stdout).not.toMatch(/ tick/);
    expect(full.stdout).toMatch(/ r1 metadata tick/);
    expect(full.stdout.split('\n').filter((line) => /^ +\d/.test(line))).toHaveLength(3 * 21);
  });

  it('ends with 15 and says what differs when a digest or an input was changed', async () => {
    const digest = rewritten(recording, (entry) => {
      const { input } = entry;
      if (input.kind !== 'digest' || input.value.node !== 2) return entry;
      const value = { ...input.value, sessions: input.value.sessions + 1n };
      return { ...entry, input: { kind: 'digest', value } };
    });
    const changed = await replay(digest);
    expect(changed.code).toBe(15);
    expect(changed.stdout).toMatch(/r2 metadata diverged .* between inputs 1 and \d+: sessions/);
    expect(changed.stdout).toMatch(/different: 1 of 3 lives of replicas/);

    const lost = rewritten(recording, (entry) => (isFirstWrite(entry) ? undefined : entry));
    const json = await replay(lost, '--json');
    const found = JSON.parse(json.stdout) as Replay;
    expect([json.code, found.identical]).toEqual([15, false]);
    expect(found.lives.every(({ result, since }) => result === 'diverged' && since === 0)).toBe(
      true,
    );
  });

  it('replays what is left after kill -9 of a cluster in the background', async () => {
    const flags = ['--ephemeral', '--port-base', '0', '--no-context', '--record', 'killed.rec'];
    const ready = await home.json<{ pid: number }>('cluster', 'up', 'killed', '-d', ...flags);
    const path = join(home.directory, 'killed.rec');
    await expect.poll(() => statSync(path).size, { timeout: 60_000 }).toBeGreaterThan(20_000);
    process.kill(ready.pid, 'SIGKILL');
    const { code, stdout } = await home.run('simulate', 'replay', 'killed.rec');
    expect(code).toBe(0);
    expect(stdout).toMatch(/inputs in 3 lives of replicas/);
  });

  it('refuses what it cannot replay, and says what to do', async () => {
    const damaged = recording.slice();
    damaged[20] = (damaged[20] ?? 0) ^ 1;
    const newer = recording.slice();
    newer[8] = 9;
    const records = [...readRecording(recording).entries()].length;
    const beheaded = rewritten(recording, (entry, i) => (i < records / 2 ? undefined : entry));
    const cases = [
      { bytes: damaged, code: 10, says: /first page.*damaged.*record anew/s },
      { bytes: newer, code: 19, says: /form 9.*version of iggyctl that wrote it/s },
      { bytes: recording.slice(0, 4096), code: 10, says: /no record yet/ },
      { bytes: recording.slice(0, 100), code: 10, says: /damaged/ },
      { bytes: beheaded, code: 10, says: /overwritten.*larger --record-limit/s },
      { bytes: new Uint8Array(100), code: 10, says: /is not JSON/ },
    ];
    for (const { bytes, code, says } of cases) {
      const run = await replay(bytes);
      expect([run.code, run.stderr]).toEqual([code, expect.stringMatching(says)]);
      expect(run.stdout).toBe('');
    }
    const step = await home.run('simulate', 'replay', 'live.rec', '--step');
    expect([step.code, step.stderr]).toEqual([2, expect.stringMatching(/--until/)]);
  });
});

describe('cluster run --record', () => {
  it('says which file it cannot write and which limits there are', async () => {
    const words = ['cluster', 'run', '--record'];
    const nowhere = await home.run(...words, 'none/live.rec', '--', 'true');
    expect([nowhere.code, nowhere.stderr]).toEqual([
      18,
      expect.stringMatching(/cannot write .*live\.rec: ENOENT/),
    ]);
    const small = await home.run(...words, 'small.rec', '--record-limit', '10KiB', '--', 'true');
    expect([small.code, small.stderr]).toEqual([2, expect.stringMatching(/1MiB and 1GiB/)]);
    expect(existsSync(join(home.directory, 'small.rec'))).toBe(false);
  });
});

/** Whether a record says that the first superblock of a replica is durable. */
function isFirstWrite({ input }: Parameters<Parameters<typeof rewritten>[1]>[0]): boolean {
  return input.kind === 'superblock-done' && input.value.write === 1;
}
