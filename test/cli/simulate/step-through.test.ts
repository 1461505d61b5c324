import { describe, expect, it } from 'vitest';
import { eventFilter } from '../../../src/cli/simulate/event-filter.js';
import { replayed } from '../../../src/cli/simulate/replay.js';
import { stepThrough } from '../../../src/cli/simulate/step-through.js';
import type { WrittenEvent } from '../../../src/cli/simulate/trace-file.js';
import { makePlan, runPlan } from '../../../src/simulator/index.js';

const event = (n: number, more: Partial<WrittenEvent> = {}): WrittenEvent => ({
  ...{ n, t: n * 10, r: 'r0', k: 'send', text: `-> r1 Prepare view 3 op ${n}`, op: n },
  ...more,
});

describe('what a run is stopped at', () => {
  const matches = (text: string, found: WrittenEvent) => eventFilter('--break', text)(found);

  it('is compared field by field', () => {
    expect(matches('op=4', event(4))).toBe(true);
    expect(matches('op=4 && node!=0', event(4))).toBe(false);
    expect(matches('tick>=40&&kind=send', event(4))).toBe(true);
    expect(matches('view>3', event(4))).toBe(false);
    expect(matches('view>3', event(4, { k: 'view', text: '4' }))).toBe(true);
    expect(matches('text~Prepare && event<5', event(4))).toBe(true);
    expect(matches('op>0', { n: 1, t: 1, r: '-', k: 'heal', text: '' })).toBe(false);
  });

  it('is refused when it says nothing', () => {
    for (const text of ['', 'op', 'colour=red', 'op>x', 'op=1 &&']) {
      const refused = expect.objectContaining({ code: 'E_USAGE' });
      expect(() => eventFilter('--break', text)).toThrow(refused);
    }
  });
});

describe('going through a run', () => {
  const events = [1, 2, 3, 4, 5, 6].map((n) => event(n, { t: Math.ceil(n / 2) }));

  async function typed(...words: string[]): Promise<readonly string[]> {
    const shown: string[] = [];
    async function* lines() {
      yield* words;
    }
    const states = (tick: number) => [`at the end of tick ${tick}`];
    const io = { lines: lines(), write: (text: string) => shown.push(text.trim()) };
    await stepThrough({ events, from: 1, states }, io);
    return shown.slice(1).map((line) => /op (\d)$/.exec(line)?.[1] ?? line);
  }

  it('shows one event, several, those up to the next tick, or all', async () => {
    expect(await typed()).toEqual(['2']);
    expect(await typed('', '2')).toEqual(['2', '3', '4', '5']);
    expect(await typed('t', 's')).toEqual(['2', '3', 'at the end of tick 2']);
    expect(await typed('c')).toEqual(['2', '3', '4', '5', '6', 'no more events']);
    expect(await typed('q', '')).toEqual(['2']);
    expect((await typed('what')).at(-1)).toMatch(/^Enter: next event/);
  });
});

describe('a run that is made again', () => {
  const plan = makePlan({ seed: 4n, profile: 'crashy', ticks: 400, replicas: 3 });
  const first = runPlan(plan, { tracing: true });
  const expected = { final: first.traceHash, checkpoints: first.checkpoints };

  it('stops before a tick and shows the replicas', () => {
    const options = { keepsEvents: false, from: 0, until: 300 };
    const found = replayed({ plan, expected }, options);
    expect(found.isSame).toBe(true);
    expect(found.result.ticks).toBe(299);
    expect(found.states).toHaveLength(3);
    expect(found.states?.[0]).toMatch(/^r0 /);
  });

  it('stops while it heals, too', () => {
    const found = replayed({ plan }, { keepsEvents: false, from: 0, until: first.ticks - 5 });
    expect(found.result.ticks).toBe(first.ticks - 6);
    expect(found.isSame).toBe(true);
  });

  it('stops at an event, and goes on from there', () => {
    const isStop = eventFilter('--break', 'kind=commit && op>=2');
    const found = replayed({ plan, expected }, { keepsEvents: true, from: 0, isStop });
    expect(found.stopped).toMatchObject({ k: 'commit' });
    expect(found.stepped.events[found.stepped.from]).toEqual(found.stopped);
    const none = replayed({ plan }, { keepsEvents: true, from: 10_000, isStop: () => true });
    expect(none.stopped).toBeUndefined();
  });

  it('differs from what a trace says of another run', () => {
    const other = { plan, expected: { ...expected, final: '0000000000000000' } };
    expect(replayed(other, { keepsEvents: false, from: 0 }).isSame).toBe(false);
  });

  it('keeps rare events of the whole run beside the last ones', () => {
    const { trace } = runPlan(plan, { tracing: true, traceWindow: 50 });
    expect(trace.length).toBeLessThan(first.trace.length);
    const rare = (events: readonly WrittenEvent[]) =>
      events.filter(({ k }) => k === 'start' || k === 'fault').map(({ n }) => n);
    expect(rare(trace)).toEqual(rare(first.trace));
    expect(trace.slice(-50)).toEqual(first.trace.slice(-50));
  });
});
