// The programs under examples/ run, and say what they ought to.
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LocalCluster } from '../../src/cluster/index.js';
import { filesUnder, packageRoot } from '../helpers/package-files.js';
import { hashing } from '../helpers/remembered-hashing.js';
import { ScriptedServer } from '../helpers/scripted-server.js';
import { ScriptedTopic } from '../helpers/scripted-topic.js';

const built = join(packageRoot, '.cache', 'examples');
const names = filesUnder('examples', '.mjs')
  .map((file) => file.slice('examples/'.length, -'.mjs'.length))
  .filter((name) => name !== 'settings');
let cluster: LocalCluster;

/** Runs an example from the sources, so that no build has to be there. */
async function run(name: string, servers: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, [join(built, `${name}.mjs`)], {
    env: { ...process.env, IGGYCTL_SERVER: servers.join(',') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const code = await new Promise((resolve) => child.on('close', resolve));
  expect(code, output).toBe(0);
  return output;
}

const addresses = () => cluster.nodes.map((node) => `127.0.0.1:${node.ports.tcp}`);

beforeAll(async () => {
  mkdirSync(built, { recursive: true });
  await build({
    entryPoints: names.map((name) => join(packageRoot, 'examples', `${name}.mjs`)),
    outdir: built,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.17',
    alias: { iggyctl: join(packageRoot, 'src/index.ts') },
    external: ['ws', 'hash-wasm', '@msgpack/msgpack'],
    logLevel: 'warning',
  });
  cluster = await LocalCluster.start({ hashing, nodes: 3, ephemeral: true, portBase: 0 });
});

afterAll(() => cluster.stop());

describe('examples', () => {
  test('are all run here', () => {
    expect(names.sort()).toEqual([
      'at-most-once',
      'produce-and-consume',
      'streams',
      'watch-frames',
    ]);
  });

  test('streams', async () => {
    const output = await run('streams', addresses());
    expect(output).toMatch(/created stream \d+/);
    expect(output).toContain('stream_name_already_exists (1012)');
    expect(output).toContain('it is now null');
  });

  test('at-most-once', async () => {
    const output = await run('at-most-once', addresses());
    expect(output.match(/created once-/g)).toHaveLength(5);
  });

  test('watch-frames', async () => {
    const output = await run('watch-frames', addresses());
    expect(output).toMatch(/-> .* command 5, \d+ bytes/);
    expect(output).toMatch(/<- .* command 8, \d+ bytes/);
    expect(output).toContain('statistics: received');
  });

  test('produce-and-consume', async () => {
    const server = await ScriptedServer.start(new ScriptedTopic(3).script);
    const output = await run('produce-and-consume', [server.address]);
    expect(output).toContain('sent 12 messages, 0 of them more than once');
    expect(output).toContain('read 12 messages');
    await server.stop();
  });
});
