import { describe, expect, it } from 'vitest';
import { withTraps } from '../../../src/cli/simulate/traps.js';

const forbidden: readonly (readonly [string, () => unknown])[] = [
  ['Date.now', () => Date.now()],
  ['new Date', () => new Date()],
  ['Math.random', () => Math.random()],
  ['Math.log', () => Math.log(2)],
  ['performance.now', () => performance.now()],
  ['process.nextTick', () => process.nextTick(() => undefined)],
  ['crypto.randomUUID', () => crypto.randomUUID()],
  ['localeCompare', () => 'a'.localeCompare('b')],
  ['Intl', () => new Intl.NumberFormat()],
  ['setTimeout', () => setTimeout(() => undefined, 0)],
  ['queueMicrotask', () => queueMicrotask(() => undefined)],
];

describe('what runs inside a simulation', () => {
  for (const [name, call] of forbidden) {
    it(`may not use ${name}, and may again afterwards`, () => {
      expect(() => withTraps(call)).toThrow(expect.objectContaining({ code: 'TRAP' }));
      expect(call).not.toThrow();
    });
  }

  it('may not make promises, with or without their name', () => {
    const trapped = expect.objectContaining({ code: 'TRAP' });
    expect(() => withTraps(() => Promise.resolve(1))).toThrow(trapped);
    expect(() =>
      withTraps(() => {
        const later = async () => undefined;
        void later();
      }),
    ).toThrow(trapped);
  });

  it('gives its result, and reaches the outside where it is let', () => {
    const seen = withTraps((untrapped) => untrapped(() => Date.now()) > 0);
    expect(seen).toBe(true);
  });
});
