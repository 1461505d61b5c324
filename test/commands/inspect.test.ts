import {
  copyFileSync,
  cpSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareView } from '../../src/wire/index.js';
import { ClusterHome } from '../helpers/cluster-home.js';

const home = new ClusterHome();
let data: string;
/** A copy of the data made while nothing was being written. */
let copy: string;

beforeAll(async () => {
  data = join(home.directory, 'data');
  copy = mkdtempSync(join(tmpdir(), 'iggyctl-inspect-'));
  const up = ['cluster', 'up', 'dev', '-d', '--port-base', '0', '--data-dir', data];
  const started = await home.run(...up);
  if (started.code !== 0) throw new Error(started.stderr);
  const script = [
    // What goes wrong here is told here, not by tests that find nothing to inspect.
    'set -e',
    'export IGGY_USERNAME=iggy IGGY_PASSWORD=iggy',
    'iggyctl stream create a && iggyctl topic create a t',
    'seq 1 40 | iggyctl message send a t --partition 0 --batch 10',
    'iggyctl cluster wait dev --until converged',
  ].join('\n');
  const filled = await home.shell(script);
  if (filled.code !== 0) throw new Error(filled.stderr);
});

afterAll(async () => {
  await home.remove();
  rmSync(copy, { recursive: true, force: true });
});

const metadata = (node = 0) => join(data, `node-${node}`, 'metadata');
const partition = (root: string, node = 0) =>
  join(root, `node-${node}`, 'streams/0/topics/0/partitions/0');

/** Changes one byte of a file and leaves its times as they were read. */
function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 0x40;
  writeFileSync(path, bytes);
}

function lines(text: string): Record<string, never>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, never>);
}

describe('inspecting a cluster that runs', () => {
  it('06-S67 lists as many entries as the journal has', async () => {
    const wal = join(metadata(), 'journal.wal');
    const { stdout, stderr, code } = await home.run('inspect', 'wal', wal, '--json');
    expect(code).toBe(0);
    expect(stderr).toContain('is in use by process');
    const seen = await home.json<{ nodes: { sections: { journal: { entries: number } } }[] }>(
      ...['cluster', 'inspect', '0', '--section', 'journal'],
    );
    expect(lines(stdout)).toHaveLength(Number(seen.nodes[0]?.sections.journal.entries));
    expect(lines(stdout)[0]).toMatchObject({
      kind: 'inspect.wal.entry',
      fields: { op: '1', operation: 'Register' },
      checks: { frame: 'ok', body: 'ok', parent: 'none' },
      warnings: [],
    });
  });

  it('refuses files that are in use when only others are wanted', async () => {
    const refused = await home.run('inspect', 'dir', data, '--offline-only');
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain('is in use by process');
  });

  it('follows what is appended until it is interrupted', async () => {
    const wal = join(metadata(1), 'journal.wal');
    const child = home.start('inspect', 'wal', wal, '--follow', '--json');
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
    });
    const until = async (there: () => boolean) => {
      while (!there()) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await until(() => text !== '');
    await home.shell('IGGY_USERNAME=iggy IGGY_PASSWORD=iggy iggyctl stream create later');
    await until(() => text.split('"CreateStream"').length > 2);
    const closed = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGINT');
    expect(await closed).toBe(130);
  });
});

describe('inspecting files at rest', () => {
  beforeAll(async () => {
    await home.run('cluster', 'down', 'dev');
    cpSync(data, copy, { recursive: true });
  });

  it('06-S67 gives all entries before a cut, and ends with 12', async () => {
    const wal = join(copy, 'cut.wal');
    copyFileSync(join(metadata(), 'journal.wal'), wal);
    const whole = lines((await home.run('inspect', 'wal', wal, '--json')).stdout);
    truncateSync(wal, statSync(wal).size - 10);
    const { stdout, stderr, code } = await home.run('inspect', 'wal', wal, '--json');
    expect(code).toBe(12);
    expect(lines(stdout)).toEqual(whole.slice(0, -1));
    expect(stderr).toContain('at least 10 are missing');
  });

  it('06-S67 gives the entries of a batch that was cut inside its last one', async () => {
    // The same entries as an official server lays them out: one after the other.
    const framed = lines(
      (await home.run('inspect', 'wal', join(metadata(), 'journal.wal'), '--json')).stdout,
    );
    const bytes = readFileSync(join(metadata(), 'journal.wal'));
    const entries = framed.map(({ offset, length }) =>
      bytes.subarray(Number(offset), Number(offset) + Number(length)),
    );
    const wal = join(copy, 'official.wal');
    writeFileSync(wal, Buffer.concat(entries));
    const plain = await home.run('inspect', 'wal', wal, '--json');
    expect(plain.code).toBe(0);
    expect(lines(plain.stdout)).toHaveLength(entries.length);
    truncateSync(wal, statSync(wal).size - 1);
    const cut = await home.run('inspect', 'wal', wal);
    expect(cut.code).toBe(12);
    expect(cut.stdout).toContain('at least 1 are missing');
    flip(wal, 300);
    const damaged = await home.run('inspect', 'wal', wal, '--verify');
    expect(damaged.code).toBe(10);
  });

  it('06-S68 finds every file healthy, and one changed byte by file, offset and op', async () => {
    const node = join(copy, 'node-0');
    const wal = join(node, 'metadata/journal.wal');
    const before = statSync(wal).mtimeMs;
    const healthy = await home.run('inspect', 'integrity', node);
    expect(healthy.stdout).toContain(' 0 damaged');
    expect(healthy.code).toBe(0);
    expect(statSync(wal).mtimeMs).toBe(before);
    flip(wal, statSync(wal).size - 20);
    const touched = statSync(wal).mtimeMs;
    const damaged = await home.run('inspect', 'integrity', node, '--json');
    expect(damaged.code).toBe(10);
    const { files } = JSON.parse(damaged.stdout) as { files: Record<string, string>[] };
    const [bad] = files.filter(({ verdict }) => verdict === 'damaged');
    expect(bad).toMatchObject({ file: 'metadata/journal.wal' });
    expect(Number(bad?.['offset'])).toBeGreaterThan(0);
    expect(Number(bad?.['op'])).toBeGreaterThan(0);
    expect(statSync(wal).mtimeMs).toBe(touched);
  });

  it.each([
    ['metadata/superblock.a', 30],
    ['streams/0/topics/0/partitions/0/journal.wal', 900],
    ['streams/0/topics/0/partitions/0/00000000000000000000.log', 300],
    ['streams/0/topics/0/partitions/0/00000000000000000000.index', 3],
  ])('06-S68 a changed byte in %s is damage', async (name, at) => {
    const path = join(copy, 'node-1', name);
    const original = readFileSync(path);
    flip(path, at);
    const { code, stdout } = await home.run('inspect', 'integrity', join(copy, 'node-1'));
    writeFileSync(path, original);
    expect(stdout).toMatch(new RegExp(`^damaged +${name}`, 'm'));
    expect(code).toBe(10);
  });

  it('goes on behind damage in the middle of a journal', async () => {
    const wal = join(copy, 'middle.wal');
    copyFileSync(join(metadata(2), 'journal.wal'), wal);
    const whole = lines((await home.run('inspect', 'wal', wal, '--json')).stdout);
    const second = Number(whole[1]?.['offset']);
    const bytes = readFileSync(wal);
    bytes.fill(0, second - 32, second + 100);
    writeFileSync(wal, bytes);
    const { code, stdout, stderr } = await home.run('inspect', 'wal', wal, '--json');
    expect(code).toBe(10);
    expect(stderr).toContain('no batch begins here');
    expect(lines(stdout)).toHaveLength(whole.length - 1);
  });

  it('shows one entry as decode does, and says when there is none', async () => {
    const wal = join(metadata(), 'journal.wal');
    const shown = await home.run('inspect', 'wal', wal, '--op', '2');
    expect(shown.code).toBe(0);
    expect(shown.stdout).toContain('CreateStream');
    expect((await home.run('inspect', 'wal', wal, '--op', '999')).code).toBe(3);
    const range = await home.run('inspect', 'wal', wal, '--from', '2', '--to', '3', '--json');
    expect(lines(range.stdout)).toHaveLength(2);
  });

  it('shows both slots of a superblock and which one counts', async () => {
    const { stdout, code } = await home.run('inspect', 'superblock', join(copy, 'node-2'));
    expect(code).toBe(0);
    for (const field of ['Magic', 'Sequence', 'Replica count', 'Lost up to', 'View headers']) {
      expect(stdout).toContain(field);
    }
    expect(stdout).toMatch(/^Wins +(yes|no)/m);
    const file = join(copy, 'superblock.a');
    copyFileSync(join(copy, 'node-2/metadata/superblock.a'), file);
    flip(file, 60);
    const damaged = await home.run('inspect', 'superblock', file);
    expect(damaged.code).toBe(10);
    expect(damaged.stdout).toContain('UNREADABLE');
  });

  it('lists batches, messages and index entries of a segment', async () => {
    const segment = join(partition(copy), '00000000000000000000.log');
    const batches = await home.run('inspect', 'segment', segment, '--json');
    expect(lines(batches.stdout)).toHaveLength(4);
    const messages = await home.run('inspect', 'segment', segment, '--messages', '--json');
    expect(lines(messages.stdout)).toHaveLength(40);
    expect(lines(messages.stdout)[39]).toMatchObject({ fields: { offset: '39' } });
    const index = await home.run('inspect', 'index', segment.replace('.log', '.index'));
    expect(index.code).toBe(0);
    expect(index.stdout).toMatch(/ok {2,}/);
    const cut = join(copy, '00000000000000000000.log');
    copyFileSync(segment, cut);
    truncateSync(cut, statSync(cut).size - 5);
    const torn = await home.run('inspect', 'segment', cut);
    expect(torn.code).toBe(12);
    expect(torn.stdout).toContain('at least 5 are missing');
  });

  it('compares replicas, and finds a committed entry that differs', async () => {
    const same = await home.run('inspect', 'compare', data);
    expect(same.stdout).toContain('no divergence');
    expect(same.code).toBe(0);
    const other = join(copy, 'node-1/metadata/journal.wal');
    const original = readFileSync(other);
    const listed = await home.run('inspect', 'wal', other, '--json');
    const at = Number(lines(listed.stdout)[1]?.['offset']);
    const bytes = readFileSync(other);
    // Another timestamp under an identity that holds: a log that went another way.
    const { sealPrepare } = await import('../../src/wire/index.js');
    const entry = bytes.subarray(at, at + bytes.readUInt32LE(at + 48));
    prepareView.put.timestamp(entry, 1);
    sealPrepare(entry);
    writeFileSync(other, bytes);
    const nodes = [join(data, 'node-0'), join(copy, 'node-1')];
    const differs = await home.run('inspect', 'compare', ...nodes, '--json');
    writeFileSync(other, original);
    expect(differs.code).toBe(15);
    expect(JSON.parse(differs.stdout)).toMatchObject({
      equal: false,
      first: { where: 'metadata/journal.wal' },
    });
  });

  it('shows the tree of a data directory', async () => {
    const { stdout } = await home.run('inspect', 'dir', data);
    expect(stdout).toContain('not running');
    expect(stdout).toContain('replica 0 of 3');
    expect(stdout).toContain('journal.wal');
    const constants = await home.json<{ items: unknown[] }>('inspect', 'constants');
    expect(constants.items.length).toBeGreaterThan(10);
  });

  it('says what is wrong with what it is given', async () => {
    const file = join(metadata(), 'journal.wal');
    expect((await home.run('inspect', 'wal', '/nowhere')).code).toBe(18);
    expect((await home.run('inspect', 'dir', file)).stderr).toContain('is a file, not a folder');
    expect((await home.run('inspect', 'segment', file)).code).toBe(10);
    expect((await home.run('inspect', 'compare', join(data, 'node-0'))).code).toBe(2);
    const none = await home.run('inspect', 'clients', join(data, 'node-0'));
    expect(none.code).toBe(3);
    expect(none.stderr).toContain('none was taken yet');
  });
});
