import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IggyClient } from '../../src/client/index.js';
import { LocalCluster } from '../../src/cluster/index.js';
import { CliHome } from '../helpers/cli-home.js';
import { finished, program } from '../helpers/cluster-home.js';
import { packageRoot } from '../helpers/package-files.js';
import { hashing } from '../helpers/remembered-hashing.js';
import { cliEnvironment } from '../helpers/run-cli.js';

let home: CliHome;
let cluster: LocalCluster;
let server = '';

beforeAll(async () => {
  cluster = await LocalCluster.start({ hashing, nodes: 1, portBase: 0, ephemeral: true });
  server = `127.0.0.1:${cluster.readyRecord().nodes[0]?.tcp}`;
  home = new CliHome({ IGGYCTL_SERVER: server, IGGY_USERNAME: 'iggy', IGGY_PASSWORD: 'iggy' });
});

afterAll(async () => {
  home.remove();
  await cluster.stop();
});

describe('smoke', () => {
  it('06-S70 runs the quick suite on a cluster of its own and leaves nothing', async () => {
    const own = new CliHome();
    try {
      const run = await own.run(['smoke', '--cluster-up', '--tap']);
      expect(run).toMatchObject({ code: 0, stderr: '' });
      const lines = run.stdout.trim().split('\n');
      expect(lines[0]).toBe('TAP version 13');
      expect(lines.slice(2, -1).every((line) => /^ok \d+ - /.test(line))).toBe(true);
      expect(lines.at(-1)).toMatch(/^\d+ passed, 0 failed, 0 skipped$/);
      expect(readdirSync(own.path)).toEqual([]);
    } finally {
      own.remove();
    }
  });

  it('06-S70 checks the server of the context and removes what it made there', async () => {
    const junit = join(home.path, 'smoke.xml');
    const args = ['smoke', 'quick', 'protocol', 'session', 'failover', '--junit', junit];
    const result = await home.json(args);
    expect(result).toMatchObject({ kind: 'smoke', failed: 0, skipped: 4 });
    expect(readFileSync(junit, 'utf8')).toContain('failures="0" skipped="4"');
    const client = await IggyClient.connect(`iggy://iggy:iggy@${server}`);
    expect(await client.streams.list()).toEqual([]);
    expect(await client.tokens.list()).toEqual([]);
    await client.close();
  });

  it('runs a scenario file, says what was seen instead, and ends with 15', async () => {
    const file = join(home.path, 'mine.ndjson');
    const lines = [
      { name: 'create', run: ['stream', 'create', '$PREFIXs'] },
      { name: 'wrong', run: ['stream', 'get', '$PREFIXs'], exit: 3 },
      { name: 'never', run: ['version'] },
    ];
    writeFileSync(file, lines.map((line) => JSON.stringify(line)).join('\n'));
    const run = await home.run(['smoke', file]);
    expect(run.code).toBe(15);
    expect(run.stdout).toContain('not ok 2 - wrong');
    expect(run.stdout).toContain('exit code: 0 instead of 3');
    expect(run.stdout).toContain('skip 3 - never (a step before it failed)');
    expect(run.stdout.trim().split('\n').at(-1)).toBe('1 passed, 1 failed, 1 skipped');
    expect((await home.json(['stream', 'list']))['items']).toEqual([]);
  });

  it('reads the same scenario from YAML, and names the line of what is wrong', async () => {
    const file = join(home.path, 'mine.yaml');
    const steps = [
      '# made by hand',
      '- name: create',
      '  run: [stream, create, $PREFIXs]',
      '- run: [stream, get, $PREFIXs]',
      '  stdout: $PREFIXs',
      '- { name: missing, run: [stream, get, nobody], exit: 3 }',
    ];
    writeFileSync(file, steps.join('\n'));
    const run = await home.run(['smoke', file]);
    expect(run.stdout).toContain('ok 3 - missing');
    expect(run.stdout.trim().split('\n').at(-1)).toBe('3 passed, 0 failed, 0 skipped');

    for (const [text, said] of [
      ['- run: [version]\n- run: version', 'mine.yaml:2: "run" must be a list of words'],
      ['run: [version]', 'mine.yaml: a scenario is a list of steps'],
      ['- run: [version\n- x', 'mine.yaml:2: '],
      ['- version', 'mine.yaml:1: a step is an object with "run"'],
      ['- *nothing', 'mine.yaml:1: '],
    ] as const) {
      writeFileSync(file, text);
      const bad = await home.run(['smoke', file]);
      expect([text, bad.code, bad.stderr]).toEqual([text, 2, expect.stringContaining(said)]);
    }
  });

  it('names what is wrong in a scenario file, and suites that do not exist', async () => {
    const file = join(home.path, 'bad.ndjson');
    writeFileSync(file, '{"run":["version"]}\n{"run":"version"}\n');
    const bad = await home.run(['smoke', file]);
    expect(bad).toMatchObject({ code: 2, stdout: '' });
    expect(bad.stderr).toContain('bad.ndjson:2: "run" must be a list of words');
    const unknown = await home.run(['smoke', 'quik']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('did you mean quick?');
    expect((await home.run(['smoke', './missing.yaml'])).stderr).toContain('cannot read');
  });

  it('lists steps, and runs only those that are named', async () => {
    const all = await home.json(['smoke', 'all', '--list']);
    expect((all['items'] as unknown[]).length).toBeGreaterThan(25);
    const one = await home.json(['smoke', '--only', 'ping']);
    expect(one).toMatchObject({ passed: 1, failed: 0 });
    expect((await home.run(['smoke', '--only', 'nothing'])).code).toBe(3);
  });
});

describe('examples/smoke.sh', () => {
  it('passes with a cluster of its own', async () => {
    const own = new CliHome();
    try {
      const child = spawn('sh', [join(packageRoot, 'examples/smoke.sh')], {
        cwd: own.path,
        env: { ...cliEnvironment(own.path), IGGYCTL: `${process.execPath} ${program}` },
      });
      child.stdin.end();
      const run = await finished(child);
      expect(run).toMatchObject({ code: 0, stderr: '' });
      expect(run.stdout.trim().split('\n').at(-1)).toBe('smoke test passed');
    } finally {
      own.remove();
    }
  });
});
