import { describe, expect, it } from 'vitest';
import type { PipePlan } from '../../../src/simulator/plan/plan.js';
import { Dice } from '../../../src/simulator/random/draw.js';
import type { Flight } from '../../../src/simulator/world/network.js';
import { ReplicaPipes } from '../../../src/simulator/world/replica-pipes.js';
import { makePrepare } from '../../consensus/harness/prepares.js';

function bench(plan: PipePlan) {
  const due: { at: number; run: () => void }[] = [];
  const got: Flight[] = [];
  let isThere = true;
  const world = {
    tick: 0,
    dice: new Dice(5n),
    later: (ticks: number, run: () => void) => void due.push({ at: world.tick + ticks, run }),
    arrivedWhole: (flight: Flight) => {
      if (isThere) got.push(flight);
      return isThere;
    },
  };
  const pipes = new ReplicaPipes(plan, world);
  const pass = (ticks: number) => {
    for (const end = world.tick + ticks; world.tick < end; ) {
      world.tick += 1;
      for (let i = 0; i < due.length; ) {
        if ((due[i]?.at ?? 0) > world.tick) i++;
        else for (const { run } of due.splice(i, 1)) run();
      }
    }
  };
  const write = (op: number, isAltered = false) =>
    pipes.write({ from: 0, to: 1, frame: makePrepare({ op }), isAltered }, 1);
  const leave = () => {
    isThere = false;
  };
  return { pipes, got, pass, write, leave };
}

describe('a pipe between two replicas', () => {
  it('gives every frame whole and in order, however it was cut', () => {
    const { got, pass, write } = bench({ chunk: 20, reset: 0, backoff: 1 });
    for (let op = 1; op <= 30; op++) write(op, op === 7);
    pass(200);
    expect(got.map(({ frame }) => frame)).toEqual(
      Array.from({ length: 30 }, (_, i) => makePrepare({ op: i + 1 })),
    );
    expect(got.findIndex(({ isAltered }) => isAltered)).toBe(6);
  });

  it('breaks in the middle of a frame; what is written before that shows is lost', () => {
    const { pipes, got, pass, write } = bench({ chunk: 20, reset: 1_000_000, backoff: 40 });
    write(1);
    write(2);
    expect(pipes.isUp(0, 1)).toBe(true);
    pass(20);
    expect(got).toEqual([]);
    expect(pipes.breaks).toBe(1);
    pipes.isCalm = true;
    pass(60);
    expect(pipes.isUp(0, 1)).toBe(true);
    write(3);
    pass(20);
    expect(got.map(({ frame }) => frame)).toEqual([makePrepare({ op: 3 })]);
  });

  it('is gone when nobody is at its other end, or its sender is another one', () => {
    const { pipes, got, pass, write, leave } = bench({ chunk: 999, reset: 0, backoff: 1 });
    write(1);
    pipes.forget(0);
    pass(20);
    expect(got).toEqual([]);
    leave();
    write(2);
    pass(20);
    expect(pipes.breaks).toBe(2);
  });

  it('may die without a word: its sender goes on writing, and notices late', () => {
    const silence = 1_000_000;
    const { pipes, got, pass, write } = bench({ chunk: 999, reset: 0, backoff: 5, silence });
    write(1);
    write(2);
    expect(pipes.silences).toBe(1);
    expect(pipes.isUp(0, 1)).toBe(true);
    pass(1010);
    expect(got).toEqual([]);
    pipes.isCalm = true;
    write(3);
    pass(20);
    expect(got.map(({ frame }) => frame)).toEqual([makePrepare({ op: 3 })]);
  });

  it('may have a second one beside it, and both deliver', () => {
    const overlap = 1_000_000;
    const { pipes, got, pass, write } = bench({ chunk: 20, reset: 0, backoff: 5, overlap });
    for (let op = 1; op <= 4; op++) write(op);
    expect(pipes.doubles).toBe(3);
    pass(60);
    const whole = got.map(({ frame }) => frame);
    expect(whole).toHaveLength(4);
    for (let op = 1; op <= 4; op++) expect(whole).toContainEqual(makePrepare({ op }));
  });

  it('delivers nothing of a sender that is another one now, on none of them', () => {
    const overlap = 1_000_000;
    const { pipes, got, pass, write } = bench({ chunk: 20, reset: 0, backoff: 5, overlap });
    for (let op = 1; op <= 4; op++) write(op);
    pipes.forget(0);
    pass(60);
    expect(got).toEqual([]);
  });
});
