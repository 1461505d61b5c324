import { describe, expect, it } from 'vitest';
import { Dice } from '../../../src/simulator/random/draw.js';
import { SimDisk } from '../../../src/simulator/world/sim-disk.js';

const bytes = new Uint8Array(100).fill(7);

function disk(names: number, seed: number) {
  const hooks = {
    later: () => undefined,
    durable: () => undefined,
    syncFailed: () => undefined,
    record: () => undefined,
  };
  const timing = { minDelay: 1, meanDelay: 0, stall: 0, names };
  return new SimDisk(new Dice(BigInt(seed)), 1, timing, hooks);
}

/** Names that are left after a power cut in the middle of work, over many seeds. */
function left(names: number): Set<string> {
  const found = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    const one = disk(names, seed);
    one.append('made', [bytes]);
    one.replace('whole', bytes, () => undefined);
    one.powerCut();
    found.add(one.paths().join(' '));
  }
  return found;
}

describe('names after a power cut', () => {
  it('are durable at once where nothing else is asked for', () => {
    expect([...left(0)].sort()).toEqual(['made', 'made whole']);
  });

  it('may be those before, those after, or what was meant to be renamed', () => {
    expect([...left(1)].sort()).toEqual(
      expect.arrayContaining(['', 'made', 'made whole', 'made whole.tmp', 'whole', 'whole.tmp']),
    );
    expect([...left(1)].some((paths) => paths.includes('whole whole.tmp'))).toBe(false);
  });

  it('last once the file was synced', () => {
    for (let seed = 0; seed < 30; seed++) {
      const one = disk(1, seed);
      const file = () => one.file('made');
      one.append('made', [bytes]);
      const made = file();
      if (made !== undefined) made.durable = 1;
      one.powerCut();
      expect(file()).toBeDefined();
    }
  });
});
