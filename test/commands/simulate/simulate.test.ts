import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../helpers/run-cli.js';

interface Run {
  readonly kind: string;
  readonly seed: string;
  readonly trace_hash: string;
  readonly result: string;
  readonly runs: number;
  readonly failure?: { readonly class: string; readonly invariant: string; readonly tick: string };
  readonly marks: Readonly<Record<string, number>>;
}

let home: string;
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'iggyctl-simulate-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

function parsed(stdout: string): readonly Run[] {
  const lines = stdout.trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Run);
}

const simulate = (...words: string[]) => runCli(['simulate', ...words], { home });
const quick = ['--ticks', '300', '--replicas', '3'];
/** Nobody converges in one tick: a failure without a planted fault. */
const failing = ['run', '--seed', '42', ...quick, '--liveness-ticks', '1'];

describe('simulate run', () => {
  it('06-S65 gives equal hashes for one seed', { timeout: 240_000 }, async () => {
    const words = ['run', '--seed', '42', '--ticks', '20000', '--crash-prob', '0.01', '--json'];
    const first = await simulate(...words, '--run-timeout', '10m');
    const second = await simulate(...words, '--run-timeout', '10m');
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(parsed(first.stdout)[0]?.trace_hash).toBe(parsed(second.stdout)[0]?.trace_hash);
  });

  it('06-S78 07-S1 runs swarms, the same with any number of jobs', {
    timeout: 240_000,
  }, async () => {
    const words = ['run', '--runs', '20', '--seed-start', '100', ...quick, '--json'];
    const runs = await simulate(...words, '--jobs', '2');
    const alone = await simulate(...words, '--jobs', '1');
    expect([runs.code, alone.code]).toEqual([0, 0]);
    const two = parsed(runs.stdout);
    expect(two.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: 20 }, () => 'simulate.run'),
      'simulate.summary',
    ]);
    expect(two[20]?.runs).toBe(20);
    expect(Object.keys(two[20]?.marks ?? {})).toContain('status normal');
    const hashes = (list: readonly Run[]) => list.slice(0, 20).map((run) => run.trace_hash);
    expect(hashes(parsed(alone.stdout))).toEqual(hashes(two));
  });

  it('says which file it cannot write, without a crash report', async () => {
    const file = join(home, 'no', 'such', 'trace.json');
    const run = await simulate('run', '--seed', '1', '--ticks', '10', '--trace', file);

    expect(run.stderr).toContain(`error: cannot open ${file}: no such file or directory  [E_IO]`);
    expect(run.stderr).not.toContain('internal');
  });

  it('ends with 15 and the command that repeats a failure', { timeout: 120_000 }, async () => {
    const run = await simulate(...failing, '--json');
    expect(run.code).toBe(15);
    const [found] = parsed(run.stdout);
    expect(found?.failure).toMatchObject({ class: 'W' });
    const [command = ''] = (run.stderr.trim().split('\n').at(-1) ?? '').split('  #');
    expect(command).toMatch(/^iggyctl simulate run --seed 0x/);
    const again = await simulate(...command.split(' ').slice(2), '--json');
    expect(again.code).toBe(15);
    expect(parsed(again.stdout)[0]).toEqual(found);
  });

  it('prints the repeat command, then the parameters, then a table', {
    timeout: 120_000,
  }, async () => {
    const run = await simulate('run', '--runs', '2', '--jobs', '1', '--seed', '7', ...quick);
    const lines = run.stdout.split('\n');
    expect(lines[0]).toMatch(/^iggyctl simulate run --seed 0x0{15}7 /);
    expect(lines[1]).toMatch(/^seed=0x0{15}7 profile=swarm n=3 clients=/);
    expect(run.stdout).toMatch(/^Seed +Ticks +Ops +Views +Crashes +Partitions +Result +Hash$/m);
    expect(run.stdout).toMatch(/^marks: /m);
    expect(run.stdout).toMatch(/^converged in \d+ ticks \(p50\)/m);
  });

  it('judges by the rules that are named', { timeout: 120_000 }, async () => {
    const none = await simulate(...failing, '--check', 'none', '--json');
    expect(none.code).not.toBe(15);
    const other = await simulate(...failing, '--check', 'S,C1', '--json');
    expect(other.code).not.toBe(15);
    const same = await simulate(...failing, '--check', 'W', '--json');
    expect(same.code).toBe(15);
    expect((await simulate(...failing, '--check', 's1;')).code).toBe(2);
  });

  it('07-S3 gives the same hash in another process and environment', {
    timeout: 120_000,
  }, async () => {
    const run = await simulate('run', '--seed', '11', ...quick, '--twice', '--json');
    expect(run.code).toBe(0);
    expect(parsed(run.stdout)[0]).toMatchObject({ result: 'ok' });
  });
});

describe('what a run leaves behind', () => {
  const trace = () => join(home, 'run.json');
  const other = () => join(home, 'other.json');

  it('is a trace, a page and a plan that can be run again', { timeout: 120_000 }, async () => {
    const page = join(home, 'run.html');
    const run = await simulate(...failing, '--trace', trace(), '--html', page, '--json');
    expect(run.code).toBe(15);
    const document: unknown = JSON.parse(readFileSync(trace(), 'utf8'));
    expect(document).toMatchObject({ format: 'iggy-sim-trace', version: 1, profile: 'swarm' });
    const html = readFileSync(page, 'utf8');
    expect(html).toMatch(/^<!doctype html>/);
    expect(html).not.toMatch(/(?:src|href)=/);
    const replayed = await simulate('replay', trace(), '--json');
    expect(replayed.code).toBe(0);
    expect(parsed(replayed.stdout)[0]).toMatchObject({ identical: true });
    const planned = await simulate('run', '--plan', trace(), '--json');
    expect(planned.code).toBe(15);
    expect(planned.stderr).toContain(`iggyctl simulate run --plan ${trace()}`);
  });

  it('stops on the way, and is gone through event by event', { timeout: 120_000 }, async () => {
    const until = await simulate('replay', trace(), '--until', '100');
    expect(until.code).toBe(0);
    expect(until.stdout).toMatch(/^r0 .*\nr1 .*\nr2 .*\nidentical: [0-9a-f]{16}\n$/);
    const words = ['replay', trace(), '--break', 'kind=start && node=2', '--step'];
    const stepped = await runCli(['simulate', ...words], { home, input: '\ns\nq\n' });
    expect(stepped.code).toBe(0);
    expect(stepped.stdout).toMatch(/^ +\d+ r2 start incarnation 1$/m);
    const again = await runCli(['simulate', 'run', '--plan', trace(), '--until', '90', '--step'], {
      home,
      input: '',
    });
    expect(again.stdout).toMatch(/^Enter: next event/m);
    expect((await simulate('replay', trace(), '--break', 'nonsense')).code).toBe(2);
  });

  it('is written with its page for every failure, and read line by line, too', {
    timeout: 120_000,
  }, async () => {
    const lines = join(home, 'lines.ndjson');
    const out = join(home, 'out');
    const run = await simulate(...failing, '--out', out, '--trace', lines, '--json');
    const [found] = parsed(run.stdout);
    const base = join(out, `${found?.failure?.invariant}-000000000000002a`);
    expect(readFileSync(`${base}.html`, 'utf8')).toContain('iggyctl simulate run --seed 0x');
    const compared = await simulate('diff', lines, `${base}.json`, '--json');
    expect(parsed(compared.stdout)[0]).toMatchObject({ equal: true });
    expect((await simulate('replay', lines)).code).toBe(0);
  });

  it('says which file it could not read', { timeout: 120_000 }, async () => {
    const gone = join(home, 'gone.json');
    for (const words of [
      ['replay', gone],
      ['shrink', gone],
      ['trace', gone],
      ['run', '--plan', gone],
    ]) {
      const run = await simulate(...words);
      expect(run.code).toBe(18);
      expect(run.stderr).toContain(gone);
    }
  });

  it('shows in every form', { timeout: 120_000 }, async () => {
    const text = await simulate('trace', trace());
    expect(text.stdout).toMatch(/^ +\d+ r\d start incarnation 1$/m);
    const lines = await simulate('trace', trace(), '--format', 'ndjson', '--lane', 'r1');
    const events = lines.stdout.trim().split('\n');
    expect(events.map((line) => (JSON.parse(line) as { r: string }).r)).toEqual(
      events.map(() => 'r1'),
    );
    const first = await simulate('trace', trace(), '--op', '1');
    expect(first.stdout).toMatch(/^ +\d+ r\d send -> r\d Prepare view 0 op 1 /m);
    expect(first.stdout).not.toMatch(/ op 2 /);
    const perfetto = await simulate('trace', trace(), '--format', 'perfetto');
    expect(JSON.parse(perfetto.stdout)).toHaveProperty('traceEvents');
    const mermaid = await simulate('trace', trace(), '--format', 'mermaid');
    expect(mermaid.stdout).toMatch(/^sequenceDiagram\n/);
  });

  it('compares with another one', { timeout: 120_000 }, async () => {
    await simulate('run', '--seed', '43', ...quick, '--liveness-ticks', '1', '--trace', other());
    const same = await simulate('diff', trace(), trace(), '--json');
    expect(same.code).toBe(0);
    expect(parsed(same.stdout)[0]).toMatchObject({ equal: true, first: null });
    const unlike = await simulate('diff', trace(), other(), '--json');
    expect(unlike.code).toBe(15);
    expect(parsed(unlike.stdout)[0]).toMatchObject({ equal: false });
  });

  it('shrinks to a smaller plan that fails in the same way', { timeout: 240_000 }, async () => {
    const run = await simulate('shrink', trace(), '--budget', '5s', '--json');
    expect(run.code).toBe(0);
    const [shrunk] = parsed(run.stdout);
    expect(shrunk).toMatchObject({ shrunk: true });
    const again = await simulate('run', '--plan', join(home, 'run.min.json'), '--json');
    expect(again.code).toBe(15);
  });

  it('a seed that passes cannot be shrunk, and replays', { timeout: 120_000 }, async () => {
    const plan = join(home, 'calm.json');
    await simulate('run', '--seed', '5', '--profile', 'calm', '--ticks', '200', '--trace', plan);
    expect((await simulate('shrink', plan, '--budget', '1s')).code).toBe(15);
    expect((await simulate('replay', plan)).code).toBe(0);
  });

  it('a trace whose hash was changed is not replayed identically', {
    timeout: 120_000,
  }, async () => {
    const altered = join(home, 'altered.json');
    const text = readFileSync(trace(), 'utf8');
    writeFileSync(altered, text.replace(/"final": "[0-9a-f]+"/, '"final": "0000000000000000"'));
    const run = await simulate('replay', altered, '--json');
    expect(run.code).toBe(15);
    expect(parsed(run.stdout)[0]).toMatchObject({ identical: false });
  });
});
