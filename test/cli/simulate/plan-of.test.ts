import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planOf, repeatCommand } from '../../../src/cli/simulate/plan-of.js';
import type { RunFlags } from '../../../src/cli/simulate/run-flags.js';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'iggyctl-plan-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function file(name: string, content: unknown): string {
  const path = join(directory, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

const flags = (more: Partial<RunFlags> = {}): RunFlags => ({
  ...{ runs: 1, ticks: 2000, workload: 'mixed', profile: 'crashy', check: 'all', step: false },
  ...{ 'until-failure': false, 'no-quiesce': false, twice: false, 'run-timeout': '60s' },
  ...more,
});
const plan = (more: Partial<RunFlags> = {}) => planOf(7n, flags(more));
const kinds = (more: Partial<RunFlags>) => [
  ...new Set(plan(more).faults.map(({ kind }) => kind as string)),
];
const refusal = (more: Partial<RunFlags>) => {
  try {
    plan(more);
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('the list of faults', () => {
  it('replaces the families of the profile, with other names for some of them', () => {
    expect(kinds({ faults: 'none' })).toEqual([]);
    expect(kinds({ faults: 'torn,skew' }).sort()).toEqual(['clock-step', 'power']);
    expect(kinds({ faults: 'partition=one-way' }).sort()).toEqual(['cut', 'deaf']);
  });

  it('leaves families out, and sets what links do all the time', () => {
    expect(kinds({ faults: '-pause,-crash' })).not.toContain('pause');
    expect(kinds({ faults: '-pause,-crash' })).toContain('power');
    const { network } = plan({ faults: 'loss=5%,dup=0.02,corrupt' });
    expect(network).toMatchObject({ loss: 50_000, duplication: 20_000, corruption: 10_000 });
    expect(plan({ profile: 'lossy', faults: '-loss' }).network.loss).toBe(0);
    expect(plan({ faults: 'corrupt-clients=3%' }).clientLinks).toEqual({ corruption: 30_000 });
    expect(plan({ profile: 'calm', faults: '-pause' }).clientLinks).toBeUndefined();
  });

  it('adds faults by chance, as the short flags do', () => {
    const count = (more: Partial<RunFlags>, kind: string) =>
      plan({ replicas: 5, ...more }).faults.filter((fault) => fault.kind === kind).length;
    expect(count({ faults: 'crash=0.05' }, 'crash')).toBeGreaterThan(4);
    expect(count({ faults: 'none', 'crash-prob': '0.05' }, 'power')).toBe(5);
    expect(count({ faults: 'none', 'partition-prob': '5%' }, 'isolate')).toBe(5);
    expect(kinds({ faults: 'none', 'disk-fault-prob': '0.1' }).sort()).toEqual([
      ...['disk-full', 'replace-failure', 'slow-disk', 'sync-failure'],
    ]);
  });

  it('refuses unknown names and impossible chances', () => {
    expect(refusal({ faults: 'rust' })).toBe('E_USAGE');
    expect(refusal({ faults: 'loss=2' })).toBe('E_USAGE');
    expect(refusal({ 'packet-loss': 'much' })).toBe('E_USAGE');
  });
});

describe('limits', () => {
  it('have their own and short names', () => {
    expect(plan({ limits: 'clients-table=4,ring=3,journalSlots=80' }).limits).toMatchObject({
      ...{ clientSlots: 4, ringReplies: 3, journalSlots: 80 },
    });
  });

  it('are refused when there is no such limit or they break a rule of start-up', () => {
    expect(refusal({ limits: 'clientSlot=4' })).toBe('E_USAGE');
    expect(refusal({ limits: 'checkpoint-margin=1,pipeline=8' })).toBe('E_USAGE');
  });
});

describe('profiles and workloads of files', () => {
  it('change figures of what is drawn for their base', () => {
    const profile = file('profile.json', {
      base: 'lossy',
      replicas: 5,
      faults: 'crash,loss=1%',
      network: { meanDelay: 9 },
      limits: { clientSlots: 3 },
    });
    const workload = file('workload.json', {
      base: 'send',
      clients: 6,
      groups: 2,
      workload: { think: 7, weights: { read: 4 } },
      data: { batch: 3 },
    });
    const made = plan({ profile, workload });
    expect(made).toMatchObject({ profile: 'lossy', replicas: 5, limits: { clientSlots: 3 } });
    expect(made.network).toMatchObject({ meanDelay: 9, loss: 10_000 });
    expect(made.workload).toMatchObject({ clients: 6, think: 7 });
    expect(made.workload.weights.filter((weight) => weight > 0)).toEqual([4]);
    expect(made.data?.batch).toBe(3);
    expect(plan({ profile, replicas: 3 }).replicas).toBe(3);
    expect(repeatCommand(made, flags({ profile }), undefined)).toContain(`--profile ${profile}`);
  });

  it('that change the data of a plan without partitions say how every seed gets some', () => {
    const profile = file('data.json', { base: 'crashy', data: { weights: { purge: 1 } } });
    let refused: unknown;
    try {
      plan({ profile, groups: 0 });
    } catch (error) {
      refused = error;
    }
    expect(refused).toMatchObject({ code: 'E_DAMAGED', hint: expect.stringContaining('--groups') });
    expect(plan({ profile, groups: 2 }).data?.weights.filter((weight) => weight > 0)).toEqual([1]);
  });

  it('are refused when they are not there, not JSON, or name what no plan has', () => {
    expect(refusal({ profile: join(directory, 'none.json') })).toBe('E_IO');
    expect(refusal({ profile: 'crash' })).toBe('E_USAGE');
    expect(refusal({ profile: file('bad.json', '{') })).toBe('E_DAMAGED');
    expect(refusal({ profile: file('base.json', { base: 'x' }) })).toBe('E_DAMAGED');
    expect(refusal({ profile: file('member.json', { network: { speed: 1 } }) })).toBe('E_DAMAGED');
    expect(refusal({ profile: file('kind.json', { workload: { weights: { fly: 1 } } }) })).toBe(
      'E_DAMAGED',
    );
    expect(refusal({ workload: file('number.json', { clients: -1 }) })).toBe('E_DAMAGED');
  });
});

describe('the command that repeats a run', () => {
  it('names every flag that shaped it', () => {
    const given = flags({ faults: '-crash', 'disk-fault-prob': '0.1', replicas: 3, check: 'S' });
    const command = repeatCommand(planOf(7n, given), given, undefined);
    expect(command).toBe(
      'iggyctl simulate run --seed 0x0000000000000007 --profile crashy --ticks 2000 ' +
        '--workload mixed --replicas 3 --faults=-crash --disk-fault-prob 0.1 --check S',
    );
  });
});
