import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalCluster } from '../../src/cluster/index.js';
import { CliHome } from '../helpers/cli-home.js';
import { hashing } from '../helpers/remembered-hashing.js';

interface Result {
  readonly kind: string;
  readonly kind_name: string;
  readonly totals: { readonly messages: string; readonly bytes: string };
  readonly latency_us: Readonly<Record<string, number>>;
  readonly environment: Readonly<Record<string, unknown>>;
  readonly actors: readonly unknown[];
}

let home: CliHome;
let cluster: LocalCluster;

beforeAll(async () => {
  cluster = await LocalCluster.start({ hashing, nodes: 1, portBase: 0, ephemeral: true });
  const server = `127.0.0.1:${cluster.readyRecord().nodes[0]?.tcp}`;
  home = new CliHome({ IGGYCTL_SERVER: server, IGGY_USERNAME: 'iggy', IGGY_PASSWORD: 'iggy' });
});

afterAll(async () => {
  home.remove();
  await cluster.stop();
});

const small = ['--batches', '3', '--messages-per-batch', '20', '--message-size', '10..50'];
const bench = async (...args: string[]) =>
  (await home.json(['bench', ...args])) as unknown as Result;

describe('bench', () => {
  it.each([
    { kind: 'pp', name: 'pinned-producer', messages: 2 * 60 },
    { kind: 'pc', name: 'pinned-consumer', messages: 2 * 60 },
    { kind: 'ppc', name: 'pinned-producer-and-consumer', messages: 4 * 60 },
    { kind: 'bp', name: 'balanced-producer', messages: 2 * 60 },
    { kind: 'bcg', name: 'balanced-consumer-group', messages: 2 * 60 },
    { kind: 'bpcg', name: 'balanced-producer-and-consumer-group', messages: 4 * 60 },
    { kind: 'e2e', name: 'end-to-end-producing-consumer', messages: 2 * 60 },
  ])('06-S69 measures $name by its short name, and removes its streams', async (each) => {
    const consumers = each.kind === 'pc' || each.kind === 'bcg' ? ['--consumers', '2'] : [];
    const result = await bench(each.kind, '--producers', '2', ...consumers, ...small);
    expect(result.kind_name).toBe(each.name);
    expect(Number(result.totals.messages)).toBe(each.messages);
    expect(result.latency_us['p99']).toBeGreaterThan(0);
    expect(result.latency_us['p50']).toBeLessThanOrEqual(result.latency_us['max'] ?? 0);
    expect((await home.json(['stream', 'list']))['items']).toEqual([]);
  });

  it('06-S69 gives one document with percentiles and environment from a cluster of its own', async () => {
    const args = ['pinned-producer', '--cluster-up', '1', '--duration', '300ms'];
    const result = await bench(...args, '--messages-per-batch', '10');
    expect(Object.keys(result.latency_us)).toEqual([
      ...['avg', 'p50', 'p90', 'p95', 'p99', 'p999', 'max'],
    ]);
    expect(result.environment).toMatchObject({ node: process.version });
    expect(Number(result.totals.bytes)).toBe(Number(result.totals.messages) * 1000);
  });

  it('06-S69 ends with 15 when --fail-if is true, and only then', async () => {
    const run = await home.run(['bench', 'ping', '--batches', '5', '--fail-if', 'p99>1us']);
    expect(run.code).toBe(15);
    expect(run.stdout).toContain('p99.9');
    expect(run.stderr).toContain('--fail-if p99>1us is true');
    expect((await home.run(['bench', 'ping', '--batches', '5', '--fail-if', 'p99>1h'])).code).toBe(
      0,
    );
    const wrong = await home.run(['bench', 'ping', '--fail-if', 'p98 is bad']);
    expect(wrong.code).toBe(2);
  });

  it('measures pings, logins and decoding', async () => {
    expect((await bench('ping', '--batches', '7', '--producers', '2')).totals.messages).toBe('14');
    expect((await bench('login', '--batches', '2')).totals.messages).toBe('2');
    expect((await bench('decode', '--batches', '2')).totals.messages).toBe('200');
  });

  it('counts from the intended time with a rate, keeps streams for later, compares', async () => {
    const out = join(home.path, 'results');
    const rate = ['--rate', '1000/s', ...small, '--reuse', '--out', out];
    await bench('pp', ...rate);
    const [file = ''] = readdirSync(out);
    const again = await home.run(['bench', 'pp', ...rate, '--baseline', join(out, file)]);
    expect(again.stderr).toContain('latency_us.p99: ');
    const { items } = await home.json(['stream', 'list']);
    expect(items).toMatchObject([{ name: 'bench-1' }]);
    writeFileSync(join(home.path, 'bad.json'), '{');
    const bad = await home.run(['bench', 'pp', '--baseline', join(home.path, 'bad.json')]);
    expect(bad.code).toBe(2);
  });

  it('names the nearest kind', async () => {
    const { code, stderr } = await home.run(['bench', 'pined-producer']);
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean pinned-producer?');
  });
});
