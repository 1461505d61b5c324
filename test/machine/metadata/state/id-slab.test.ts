import fc from 'fast-check';
import { expect, test } from 'vitest';
import { IdSlab } from '../../../../src/machine/metadata/state/id-slab.js';

test('gives the lowest free id, as a function of the taken ones', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(30), { nil: undefined })), (steps) => {
      const slab = new IdSlab<number>();
      const taken = new Set<number>();
      for (const remove of steps) {
        let lowest = 0;
        while (taken.has(lowest)) lowest += 1;
        expect(slab.nextId).toBe(lowest);
        if (remove === undefined) {
          expect(slab.add((id) => id)).toBe(lowest);
          taken.add(lowest);
        } else {
          expect(slab.remove(remove) !== undefined).toBe(taken.delete(remove));
        }
        expect(slab.size).toBe(taken.size);
        expect([...slab.values()]).toEqual([...taken].sort((a, b) => a - b));
      }
    }),
  );
});

test('a restored slab goes on like the one it was made from', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(20)), (ids) => {
      const restored = new IdSlab<number>();
      for (const id of [...ids].sort((a, b) => a - b)) restored.restore(id, id);
      const live = new IdSlab<number>();
      for (let id = 0; id <= Math.max(-1, ...ids); id++) live.add((each) => each);
      for (let id = Math.max(-1, ...ids); id >= 0; id--) if (!ids.includes(id)) live.remove(id);

      for (let i = 0; i < 5; i++) expect(restored.add((id) => id)).toBe(live.add((id) => id));
      expect([...restored.values()]).toEqual([...live.values()]);
    }),
  );
});

test('looks up what is there', () => {
  const slab = new IdSlab<string>();
  slab.add(() => 'a');

  expect(slab.get(0)).toBe('a');
  expect(slab.get(1)).toBeUndefined();
  expect(slab.remove(1)).toBeUndefined();
});
