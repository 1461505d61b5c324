import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { LiveSession } from '../../src/cli/cluster/live-session.js';
import { LocalCluster } from '../../src/cluster/index.js';
import { plainStyle } from '../../src/render/index.js';
import { ClusterHome, finished, program } from '../helpers/cluster-home.js';
import { FakeTerminal } from '../helpers/fake-terminal.js';

const homes: ClusterHome[] = [];
const small = ['-n', '1', '--ephemeral', '--port-base', '0'];

function home(): ClusterHome {
  const made = new ClusterHome();
  homes.push(made);
  return made;
}

afterAll(async () => {
  await Promise.all(homes.splice(0).map((each) => each.remove()));
});

interface Ready {
  readonly kind: string;
  readonly pid: number;
  readonly control: string;
  readonly context: string | null;
  readonly nodes: readonly { readonly tcp: number; readonly correlated: number | null }[];
}

/** Types on a terminal, and waits for what it shows. */
type Check = (
  press: (key: string) => void,
  shown: (pattern: RegExp) => Promise<string>,
) => Promise<void>;

/** Collects what a child prints, and resolves once it contains `text`. */
function printed(child: ReturnType<ClusterHome['start']>, text: string | RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let all = '';
    child.stdout?.on('data', (data) => {
      all += String(data);
      if (all.search(text) >= 0) resolve(all);
    });
    child.on('close', () => reject(new Error(`it ended without ${String(text)}: ${all}`)));
  });
}

describe.concurrent('cluster up in the foreground', () => {
  it('prints the ready record before anything else, then events, and stops on SIGTERM', async () => {
    const own = home();
    const readyFile = join(own.directory, 'ready.json');
    const child = own.start('cluster', 'up', ...small, '--ready-file', readyFile);
    const end = finished(child);
    const [line = ''] = (await printed(child, /\n/)).split('\n');
    const ready = JSON.parse(line) as Ready;

    expect(ready).toMatchObject({ kind: 'cluster.ready', v: 1, name: 'dev', primary: 0 });
    expect(ready).toMatchObject({ context: 'local-dev', pid: child.pid });
    expect(JSON.parse(readFileSync(readyFile, 'utf8'))).toEqual(ready);
    expect(statSync(ready.control).mode & 0o777).toBe(0o600);

    child.kill('SIGTERM');
    const { code, stdout, stderr } = await end;
    expect(code).toBe(0);
    for (const each of stdout.trim().split('\n').slice(1)) {
      expect(JSON.parse(each)).toMatchObject({ kind: 'cluster.event' });
    }
    expect(stderr).toMatch(/^warning: root has the default password/m);
    expect(stderr).toContain('try: iggyctl stream create');
    expect(existsSync(ready.control)).toBe(false);
  });

  it('prints nothing but the client ports with --quiet', async () => {
    const own = home();
    const child = own.start('cluster', 'up', '--ephemeral', '--port-base', '0', '-q');
    const end = finished(child);
    await printed(child, /(\d+\n){3}/);
    child.kill('SIGINT');

    const { code, stdout } = await end;
    expect(stdout).toMatch(/^(\d+\n){3}$/);
    expect(new Set(stdout.trim().split('\n')).size).toBe(3);
    expect(code).toBe(0);
  });

  it('ends with its standard input when asked to, and with the reader of its output', async () => {
    const own = home();
    const child = own.start('cluster', 'up', ...small, '--no-context', '--exit-on-stdin-close');
    const end = finished(child);
    const ready = JSON.parse((await printed(child, /\n/)).split('\n')[0] ?? '') as Ready;
    expect(ready.context).toBeNull();
    child.stdin?.end();
    expect((await end).code).toBe(0);
    expect((await own.run('context', 'list', '-o', 'name')).stdout).not.toContain('local-dev');

    // A reader that went away is noticed at the next event.
    const read = own.start('cluster', 'up', ...small, '--correlated-port-base', '0');
    const ended = finished(read);
    const first = (await printed(read, /\n/)).split('\n')[0] ?? '';
    expect((JSON.parse(first) as Ready).nodes[0]?.correlated).toBeGreaterThan(0);
    read.stdout?.destroy();
    await own.run('cluster', 'kill', '0');
    expect((await ended).code).toBe(0);
  });

  it('explains options, settings and ports that do not work', async () => {
    const own = home();
    const setting = await own.run(
      'cluster',
      'up',
      ...small,
      '--set',
      'cluster.hartbeat_timeout=5s',
    );
    expect(setting).toMatchObject({ code: 2, stdout: '' });
    expect(setting.stderr).toContain('did you mean cluster.heartbeat_timeout');

    const address = await own.run('cluster', 'up', '-n', '1', '--host', '192.0.2.1');
    expect(address).toMatchObject({ code: 2, stdout: '' });
    expect(address.stderr).toContain('give --host an address of this machine');

    const password = join(own.directory, 'password');
    writeFileSync(password, 'open to all\n', { mode: 0o644 });
    const file = await own.run('cluster', 'up', ...small, '--root-password-file', password);
    expect(file).toMatchObject({ code: 17, stdout: '' });
    expect(file.stderr).toContain(`chmod 600 ${password}`);

    const key = join(own.directory, 'key');
    writeFileSync(key, 'not-32-bytes-in-base64\n', { mode: 0o600 });
    const noKey = await own.run('cluster', 'up', ...small, '--encryption-key-file', key);
    expect(noKey).toMatchObject({ code: 17, stdout: '' });
    expect(noKey.stderr).toContain('base64 of 32 bytes');
    expect(noKey.stderr).not.toContain('not-32-bytes');

    const name = await own.run('cluster', 'up', '../elsewhere', ...small);
    expect(name.code).toBe(2);
  });
});

describe.concurrent('06-S25 the live view', () => {
  const whole = /> +0 +127\.0\.0\.1:\d+ +primary +normal[\s\S]*(backup +normal[\s\S]*){2}q\s+stop/;
  const asksAndStops: Check = async (press, shown) => {
    const screen = await shown(whole);
    expect(screen).toMatch(/Node +Address +Role +Status/);
    expect(screen).toMatch(/view 0 +primary 0/);
    press('q');
    await shown(/Stop the cluster\? y\/N/);
    press('y');
  };
  const hasScript = ['/usr/bin/script', '/bin/script'].some(existsSync);

  it('shows three nodes on a terminal, q stops them, and the terminal is as before', async () => {
    if (!hasScript) {
      await inProcess(asksAndStops);
      return;
    }
    const own = home();
    const up = `"${process.execPath}" "${program}" cluster up --ephemeral --port-base 0`;
    const command = `stty cols 100 rows 30; ${up}; echo "status $?"`;
    const child = own.startProgram('script', '-qfec', command, '/dev/null');
    const end = finished(child);
    await asksAndStops(
      (key) => child.stdin?.write(key),
      (pattern) => printed(child, pattern),
    );
    const { stdout } = await end;
    expect(stdout).toContain('status 0');
    expect(stdout.lastIndexOf('\u001b[?1049l')).toBeGreaterThan(
      stdout.lastIndexOf('\u001b[?1049h'),
    );
    expect(stdout).toContain('\u001b[?25h');
    expect(await own.json('cluster', 'list')).toMatchObject({ items: [] });
    expect(
      execFileSync('ls', ['-A', join(own.directory, 'run/iggyctl/clusters/dev')]).toString(),
    ).not.toContain('control.sock');
  });

  it('acts on the selected node in the same way without a process around it', async () => {
    await inProcess(asksAndStops);
  });
});

/** The same view in this process, on a terminal that only remembers. */
async function inProcess(check: Check): Promise<void> {
  const cluster = await LocalCluster.start({ nodes: 3, ephemeral: true, portBase: 0 });
  const terminal = new FakeTerminal(100, 30);
  const live = new LiveSession(cluster, { ...terminal.streams, style: plainStyle }, []);
  try {
    terminal.press('\t', 'k');
    await cluster.waitFor(({ nodes }) => nodes[1]?.state === 'killed', 60_000);
    terminal.press('i', 'h', 'r', '0');
    await cluster.waitFor(({ nodes }) => nodes[1]?.status === 'normal', 60_000);
    await check(
      (key) => terminal.press(key),
      async (pattern) => {
        await vi.waitFor(() => expect(terminal.lastFrame).toMatch(pattern), 60_000);
        return terminal.lastFrame;
      },
    );
    await live.stopAsked;
    live.close();
    expect(terminal.isRaw).toBe(false);
    expect(terminal.output.endsWith('\u001b[?25h\u001b[?1049l')).toBe(true);
  } finally {
    live.close();
    await cluster.stop();
  }
}

describe.concurrent('cluster run', () => {
  it('06-S36 ends with the status of its command and leaves no cluster', async () => {
    const own = home();
    const run = await own.shell(
      "iggyctl cluster run -n 1 -- sh -c '" +
        `"${process.execPath}" "${program}" stream create a >&2 && echo "$IGGY_TCP_ADDRESS" && exit 7'`,
    );
    expect(run.code).toBe(7);
    expect(run.stdout).toMatch(/^127\.0\.0\.1:\d+\n$/);
    expect(await own.json('cluster', 'list')).toMatchObject({ items: [] });

    const inner = await own.shell(
      `iggyctl cluster run -n 2 -- "${process.execPath}" "${program}" cluster status --json`,
    );
    expect(inner.code).toBe(0);
    expect(JSON.parse(inner.stdout)).toMatchObject({ source: 'control', quorum: { have: 2 } });

    const child = own.start(
      'cluster',
      'run',
      '-n',
      '1',
      '--exit-on-stdin-close',
      '--',
      'sh',
      '-c',
      'echo up; exec sleep 60',
    );
    const end = finished(child);
    await printed(child, 'up');
    child.stdin?.end();
    expect((await end).code).toBe(143);
    expect(await own.json('cluster', 'list')).toMatchObject({ items: [] });

    const busy = own.start('cluster', 'run', '-n', '1', '--', 'sh', '-c', 'echo up; exec sleep 60');
    const interrupted = finished(busy);
    await printed(busy, 'up');
    busy.kill('SIGINT');
    expect((await interrupted).code).toBe(130);
    expect(await own.json('cluster', 'list')).toMatchObject({ items: [] });

    const missing = await own.run('cluster', 'run', '-n', '1', '--', 'no-such-program');
    expect(missing.code).toBe(127);
    expect(missing.stderr).toContain('cannot run no-such-program: there is no such program');
    const closed = await own.run('cluster', 'run', '-n', '1', '--', own.file('closed', ''));
    expect(closed.code).toBe(126);
    expect(closed.stderr).toContain('permission denied');
    expect((await own.run('cluster', 'run')).code).toBe(2);
  });

  it('lets things go wrong around its command', async ({ expect }) => {
    const logs = `"${process.execPath}" "${program}" cluster logs -f --grep LinkChanged`;
    const run = await home().shell(
      `iggyctl cluster run --chaos light --seed 3 -- sh -c '${logs} | head -1'`,
    );
    expect(run.stdout).toMatch(/LinkChanged/);
  });
});

describe.concurrent('a detached cluster', () => {
  it('06-S37 is shown as dead after kill -9, and starts again with its data', async ({
    expect,
  }) => {
    const own = home();
    const flags = ['-d', '-n', '1', '--port-base', '0'];
    const { pid } = await own.json<Ready>('cluster', 'up', ...flags);
    expect((await own.run('stream', 'create', 'kept')).code).toBe(0);

    process.kill(pid, 'SIGKILL');
    await expect
      .poll(() => own.json('cluster', 'list'), { timeout: 60_000 })
      .toMatchObject({
        items: [{ name: 'dev', state: 'dead', pid: null }],
      });
    expect((await own.run('cluster', 'status')).code).toBe(3);

    const again = await own.json<Ready>('cluster', 'up', ...flags);
    expect(again.pid).not.toBe(pid);
    expect((await own.run('stream', 'list', '-o', 'name')).stdout).toBe('kept\n');

    // 06-S38
    const data = join(own.directory, 'state/iggyctl/clusters/dev/data');
    expect(existsSync(data)).toBe(true);
    const unasked = await own.run('cluster', 'down', '--purge');
    expect(unasked).toMatchObject({ code: 16, stdout: '' });
    expect((await own.run('cluster', 'health')).code).toBe(0);
    expect((await own.run('cluster', 'down', '--purge', '--yes')).code).toBe(0);
    expect(existsSync(data)).toBe(false);
    expect((await own.run('cluster', 'down')).code).toBe(3);
  });
});
