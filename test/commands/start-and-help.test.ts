import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { program } from '../helpers/cluster-home.js';
import { runCli } from '../helpers/run-cli.js';

const noFolders = Object.fromEntries(
  ['CONFIG_HOME', 'STATE_HOME', 'CACHE_HOME', 'RUNTIME_DIR'].map((name) => [`XDG_${name}`, '']),
);

describe('starting', () => {
  it('06-S01 without arguments shows one screen with first commands and topics', async () => {
    const { code, stdout, stderr } = await runCli([]);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    for (const text of ['cluster up', 'iggyctl login', 'iggyctl decode', 'stream', 'session']) {
      expect(stdout).toContain(text);
    }
    expect(stdout.split('\n').every((line) => line.length <= 80)).toBe(true);
    // With the prompt behind it, on a terminal of 24 lines.
    expect(stdout.split('\n').length).toBeLessThanOrEqual(24);
    expect(stdout).not.toMatch(/^ {2}\w+$/m);
  });

  it('06-S02 names the nearest command for one that does not exist', async () => {
    const { code, stdout, stderr } = await runCli(['stram', 'list']);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.split('\n')[0]).toContain('unknown command: stram');
    expect(stderr.split('\n')[0]).toContain('did you mean: stream list');
  });

  it('06-S03 names the nearest flag for one that does not exist', async () => {
    const { code, stdout, stderr } = await runCli(['stream', 'list', '--outptu=json']);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain('unknown flag --outptu');
    expect(stderr).toContain('did you mean --output');
  });

  it('06-S03 reports it as one JSON line without the command line', async () => {
    const run = await runCli(['stream', 'list', '--bogus', '--json']);
    expect(run.code).toBe(2);
    expect(run.stdout).toBe('');
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
    const { kind, error } = JSON.parse(run.stderr);
    expect(kind).toBe('error');
    expect(error.exit_code).toBe(2);
    expect(run.stderr).not.toContain('argv');
  });

  it('06-S04 shows the same help three ways', async () => {
    const flag = await runCli(['topic', 'create', '--help']);
    const word = await runCli(['help', 'topic', 'create']);
    const short = await runCli(['topic', 'create', '-h']);
    expect(flag.code).toBe(0);
    expect(flag.stdout).toBe(word.stdout);
    expect(flag.stdout).toBe(short.stdout);
    expect(flag.stdout).toContain('USAGE\n  $ iggyctl topic create [STREAM] [NAME]');
    expect(flag.stdout.match(/^ {2}\$ iggyctl topic create .*shop/gm)).toHaveLength(2);
    for (const group of ['ARGUMENTS', 'CONNECTION FLAGS', 'OUTPUT FLAGS', 'EXAMPLES']) {
      expect(flag.stdout).toContain(group);
    }
  });

  it('06-S05 tells the version without a home, a config or a network', async () => {
    const { code, stdout } = await runCli(['version', '--json'], {
      env: { HOME: '/nowhere', ...noFolders },
    });
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(Object.keys(JSON.parse(stdout))).toEqual([
      ...['kind', 'v', 'tool', 'commit', 'node', 'platform', 'protocol_version', 'server'],
    ]);
  });

  it('lists the verbs of a topic', async () => {
    const { code, stdout } = await runCli(['stream']);
    expect(code).toBe(0);
    expect(stdout).toContain('stream create');
    expect(stdout.split('\n')[0]).toBe('Streams.');
  });

  it.each([
    ['stream list --limit x', '--limit: "x" is not an integer'],
    ['ping --count -1', '--count: "-1" is not an integer greater than or equal to 0'],
    ['completion tcsh', '"tcsh" is none of bash, zsh, fish, powershell'],
    [
      'stream list -o xml',
      '--output: "xml" is none of table, wide, json, ndjson, csv, plain, name',
    ],
    ['message export a b', 'missing flag --out of iggyctl message export'],
    ['ping -s nowhere', 'server "nowhere" is not host:port, such as 127.0.0.1:8090'],
    [`${'x'.repeat(90)}`, `unknown command: ${'x'.repeat(60)}…`],
    ['🦀', 'unknown command: 🦀'],
    ['config validate no-such-file', 'there is no file no-such-file'],
  ])('says what is wrong with: %s', async (line, text) => {
    const { code, stdout, stderr } = await runCli(line.split(' '));
    expect([2, 17]).toContain(code);
    expect(stdout).toBe('');
    expect(stderr.split('  [')[0]).toBe(`error: ${text}`);
  });

  it('takes official short names', async () => {
    const { code, stdout } = await runCli(['s', 'c', '--help']);
    expect(code).toBe(0);
    expect(stdout).toContain('iggyctl stream create NAME');
  });
});

describe('the framework stays out of sight', () => {
  it('trap 1: a flag that no command has is refused by every command', async () => {
    for (const command of [['version'], ['config', 'path'], ['request', 'list']]) {
      expect((await runCli([...command, '--bogus'])).code).toBe(2);
    }
  });

  it('trap 2: the exit status is the same with and without --json', async () => {
    const args = ['stream', 'list', '-s', '127.0.0.1:1', '--retries', '0'];
    const env = { IGGY_USERNAME: 'iggy', IGGY_PASSWORD: 'iggy' };
    expect((await runCli(args, { env })).code).toBe(7);
    expect((await runCli([...args, '--json'], { env })).code).toBe(7);
  });

  it('trap 3: a secret typed as an argument is not repeated', async () => {
    for (const args of [
      ['me', 'hunter2'],
      ['me', '--json', 'hunter2'],
      ['login', '-p', 'hunter2'],
      ['login', '-phunter2'],
      ['login', '--password=hunter2', '--json'],
      ['me', '--token', 'hunter2'],
    ]) {
      const { code, stdout, stderr } = await runCli(args, { env: { IGGYCTL_LOG: 'debug' } });
      expect(code).toBe(2);
      expect(stdout + stderr).not.toContain('hunter2');
    }
  });

  it('trap 4: --json prints one document and nothing else', async () => {
    const { stdout } = await runCli(['errors', '1010', '--json']);
    expect(JSON.parse(stdout).kind).toBe('error_code');
  });

  it('trap 5: error lines are not wrapped and have no gutter', async () => {
    const { stderr } = await runCli(['stream', 'list', '--bogus'], { env: { COLUMNS: '20' } });
    expect(stderr).not.toContain('›');
    expect(stderr.trim().split('\n')).toHaveLength(2);
  });

  it('trap 6: wrong usage ends with 2', async () => {
    expect((await runCli(['nonsense'])).code).toBe(2);
    expect((await runCli(['stream', 'get'])).code).toBe(2);
  });

  it('trap 7: a large result reaches a slow pipe whole', async () => {
    const { stdout } = await runCli(['errors', '-o', 'json']);
    expect(stdout.length).toBeGreaterThan(20_000);
    expect(JSON.parse(stdout).items.length).toBeGreaterThan(100);
  });

  it
    .runIf(existsSync('/dev/full'))
    .each(['version', 'request list --json', '--help', 'completion bash'])(
    'ends with 18 when its output cannot be written: %s',
    (line) => {
      const full = openSync('/dev/full', 'w');
      const stdio = ['ignore', full, 'pipe'] as const;
      const args = [program, ...line.split(' ')];
      const { status, stderr } = spawnSync(process.execPath, args, { stdio: [...stdio] });
      closeSync(full);
      expect(status).toBe(18);
      expect(String(stderr)).toBe(
        'error: cannot write standard output: no space left on device  [E_IO]\n',
      );
    },
  );

  it.runIf(existsSync('/proc/self'))(
    'says at once that a folder cannot be made below a home that takes none',
    async () => {
      const home = '/proc/self/none';
      for (const line of ['context create a -s 127.0.0.1:1', 'cluster up -d -n 1 --port-base 0']) {
        const { code, stderr } = await runCli(line.split(' '), { home, cwd: '/' });
        expect(stderr).toContain(`error: cannot make ${home}: no such file or directory  [E_IO]`);
        expect(code).toBe(18);
      }
    },
  );

  it('lets nothing in an error move the cursor', async () => {
    const { stderr } = await runCli(['stream', '\u001b[31mred']);
    expect(stderr).toContain('\\u001b[31mred');
    expect(stderr).not.toContain('\u001b');
  });

  it('says of a file of authorities that is not there that it is not', async () => {
    const env = { IGGY_USERNAME: 'iggy', IGGY_PASSWORD: 'iggy' };
    const line = ['stream', 'list', '-s', '127.0.0.1:1', '--tls-ca', '/nowhere.pem'];
    const { code, stderr } = await runCli(line, { env });
    expect(stderr).toBe('error: cannot read /nowhere.pem: no such file or directory  [E_IO]\n');
    expect(code).toBe(18);
  });

  it('prints the schema of a result without a server', async () => {
    const { code, stdout } = await runCli(['stream', 'get', '--schema']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout).properties.kind.const).toBe('stream');
  });
});
