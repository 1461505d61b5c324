import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type TimelineEvent, timelinePage } from '../../src/render/index.js';
import { timelineModel } from '../../src/render/timeline-model.js';
import { makePlan, runPlan } from '../../src/simulator/index.js';

const lines: readonly (readonly [number, string, string, string])[] = [
  [1, 'r0', 'start', 'incarnation 1'],
  [1, 'r0', 'status', 'normal'],
  [2, 'r0', 'view', '3'],
  [3, 'c0', 'call', 'create-stream'],
  [4, 'r0', 'write', 'metadata/journal.wal 700 B'],
  [4, 'r0', 'sync', 'metadata/journal.wal 700 B'],
  [5, 'r0', 'io', 'metadata/journal.wal sync'],
  [5, 'r0', 'send', '-> r1 Prepare view 3 op 1 #00000001'],
  [5, 'r0', 'send', '-> r2 Prepare view 3 op 1 #00000001'],
  [6, 'r1', 'recv', '<- r0 Prepare view 3 op 1 #00000001'],
  [9, 'r1', 'recv', '<- r0 Prepare view 3 op 1 #00000001'],
  [9, 'r0', 'send', '-> r1 Commit view 2 of partition 7 op 4 #00000002'],
  [10, 'r0', 'write', 'metadata/journal.wal 9 B'],
  [11, 'r0', 'power', ''],
  [11, '-', 'verdict', 'S1 <b>two & one</b>'],
];
const events: readonly TimelineEvent[] = lines.map(([t, r, k, text], i) => {
  return { n: i + 100, t, r, k, text };
});

describe('the model of a timeline', () => {
  const model = timelineModel(events);

  it('has a lane for the world, for each replica and for each client', () => {
    expect(model.lanes).toEqual(['-', 'r0', 'r1', 'c0']);
  });

  it('joins each arrival with its sending, a copy with that of its original, and leaves what is lost', () => {
    expect(model.arrows).toEqual([
      [7, 9],
      [7, 10],
    ]);
  });

  it('says what a replica is doing, and in which view', () => {
    expect(model.spans['r0']).toEqual([
      { at: 0, status: 'recovering', view: 0 },
      { at: 1, status: 'normal', view: 0 },
      { at: 2, status: 'normal', view: 3 },
      { at: 13, status: 'down', view: 3 },
    ]);
  });

  it('says what a disk is doing', () => {
    expect(model.disks['r0']).toEqual([
      { at: 4, state: 'unsynced' },
      { at: 5, state: 'busy' },
      { at: 6, state: 'durable' },
      { at: 12, state: 'unsynced' },
      { at: 13, state: 'durable' },
    ]);
    const failed = { n: 1, t: 1, r: 'r0', k: 'io', text: 'metadata/journal.wal sync EIO' };
    expect(timelineModel([failed]).disks['r0']).toEqual([{ at: 0, state: 'failed' }]);
  });
});

/** As much of a browser as a page needs. */
class Box {
  value = '';
  innerHTML = '';
  textContent = '';
  scrollTop = 0;
  readonly options: string[] = [];
  readonly listeners = new Map<string, (event: object) => void>();

  add(option: { readonly name: string }): void {
    this.options.push(option.name);
  }

  addEventListener(name: string, run: (event: object) => void): void {
    this.listeners.set(name, run);
  }
}

/** Runs the script of a page over boxes in place of its elements. */
function opened(page: string) {
  const boxes = new Map<string, Box>();
  const box = (id: string) => {
    const known = boxes.get(id) ?? new Box();
    boxes.set(id, known);
    return known;
  };
  const [, data = ''] =
    /<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page) ?? [];
  const [, script = ''] = /<script>(.*?)<\/script>/s.exec(page) ?? [];
  box('data').textContent = data;
  class Option {
    readonly name: string;
    constructor(name: string) {
      this.name = name;
    }
  }
  runInNewContext(script, { document: { getElementById: box }, Option, JSON, Math, Map, Set });
  const fire = (id: string, name: string, event: object = {}) =>
    box(id).listeners.get(name)?.(event);
  return { box, fire };
}

const facts = ['FAIL S1', 'a < b'];
const page = timelinePage({ title: 'one run', facts, events, marked: 114 });
const count = (text: string, part: string) => text.split(part).length - 1;

describe('the page of a timeline', () => {
  it('is one file without references to others, and safe against what events say', () => {
    expect(page).not.toMatch(/<(script|link|img)[^>]*(src|href)=/);
    expect(page).not.toContain('<b>two');
    expect(page).toContain('a &lt; b');
    expect(opened(page).box('view').innerHTML).toContain('S1 &lt;b&gt;two &amp; one&lt;/b&gt;');
  });

  it('draws messages as arrows, lost ones as stubs, and marks the event in question', () => {
    const { innerHTML } = opened(page).box('view');
    expect(count(innerHTML, 'class="arrow"')).toBe(2);
    expect(count(innerHTML, 'class="stub"')).toBe(2);
    expect(count(innerHTML, 'class="row mark"')).toBe(1);
  });

  it('draws status and view behind a lane, and a strip for its disk', () => {
    const { innerHTML } = opened(page).box('view');
    for (const drawn of [
      ...['class="s-recovering"', 'class="s-normal odd"', 'class="s-down odd"'],
      ...['class="d-unsynced"', 'class="d-busy"', 'class="d-durable"', 'r0 normal, view 3'],
    ]) {
      expect(innerHTML).toContain(drawn);
    }
  });

  it('filters by kind, lane, group and text', () => {
    const { box, fire } = opened(page);
    expect(box('group').options).toEqual(['7', 'metadata']);
    box('group').value = '7';
    fire('group', 'input');
    expect(count(box('view').innerHTML, 'class="row"')).toBe(1);
    box('group').value = '';
    box('lane').value = 'r1';
    fire('lane', 'input');
    expect(count(box('view').innerHTML, 'class="row"')).toBe(2);
    expect(box('view').innerHTML).not.toContain('class="arrow"');
  });

  it('tells about an event that is clicked: its frame, its other end, what it changed', () => {
    const { box, fire } = opened(page);
    const click = (i: number) =>
      fire('view', 'click', { target: { closest: () => ({ dataset: { i: String(i) } }) } });
    click(7);
    expect(box('detail').textContent).toContain('-> r1 Prepare view 3 op 1');
    expect(box('detail').textContent).toContain('arrives at tick 6 (event 109)');
    click(8);
    expect(box('detail').textContent).toContain('does not arrive');
    click(2);
    expect(box('detail').textContent).toContain('view: none -> 3');
  });

  it('shows a simulated run: arrows between its nodes, a strip for each disk', () => {
    const plan = makePlan({ seed: 3n, profile: 'crashy', ticks: 400, replicas: 3, quiesce: false });
    const { trace } = runPlan(plan, { tracing: true });
    const { arrows, disks, spans } = timelineModel(trace);
    const received = trace.filter(({ k }) => k === 'recv').length;
    expect(arrows.length).toBeGreaterThan(received * 0.9);
    expect(Object.keys(disks).sort()).toEqual(['r0', 'r1', 'r2']);
    for (const lane of ['r0', 'r1', 'r2']) {
      expect(disks[lane]?.map(({ state }) => state)).toContain('busy');
      expect(spans[lane]?.map(({ status }) => status)).toContain('normal');
    }
    const shown = timelinePage({ title: 'run', facts: [], events: trace, marked: -1 });
    expect(opened(shown).box('view').innerHTML).toContain('class="arrow"');
  });
});
