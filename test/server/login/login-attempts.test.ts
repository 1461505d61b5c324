import { describe, expect, test } from 'vitest';
import { LoginAttempts } from '../../../src/server/login/login-attempts.js';

const fail = (attempts: LoginAttempts, times: number, tick = 0, key = 'a') => {
  for (let i = 0; i < times; i++) attempts.failed([key], tick);
};

describe('login attempts', () => {
  test('are free until many failed, then come one by one', () => {
    const attempts = new LoginAttempts({ free: 3, ticks: 10 });
    fail(attempts, 2);
    expect(attempts.delay(['a'], 0)).toBe(0);
    fail(attempts, 1);
    expect([1, 2, 3].map(() => attempts.delay(['a'], 0))).toEqual([10, 20, 30]);
    expect(attempts.delay(['b'], 0)).toBe(0);
  });

  test('wait for the slowest of their accounts', () => {
    const attempts = new LoginAttempts({ free: 1, ticks: 10 });
    fail(attempts, 1, 0, 'a');
    fail(attempts, 1, 0, 'b');
    attempts.delay(['b'], 0);
    expect(attempts.delay(['a', 'b'], 0)).toBe(20);
  });

  test('are forgiven with time and at once by a success', () => {
    const attempts = new LoginAttempts({ free: 2, ticks: 10 });
    fail(attempts, 3);
    expect(attempts.delay(['a'], 19)).toBe(10);
    expect(attempts.delay(['a'], 20)).toBe(0);
    fail(attempts, 5, 20);
    expect(attempts.delay(['a'], 29)).toBe(10);
    attempts.forget(['a']);
    expect(attempts.delay(['a'], 29)).toBe(0);
  });

  test('of a burst are remembered, up to a limit', () => {
    const attempts = new LoginAttempts({ free: 2, ticks: 10 });
    fail(attempts, 1_000);
    expect(attempts.delay(['a'], 600)).toBeGreaterThan(0);
    expect(attempts.delay(['a'], 640)).toBe(0);
  });

  test('are kept for a bounded number of accounts', () => {
    const attempts = new LoginAttempts({ free: 1, ticks: 10 });
    for (let i = 0; i < 10_000; i++) attempts.failed([`${i}`], 0);
    expect(attempts.size).toBe(4096);
    expect(attempts.delay(['9999'], 0)).toBe(10);
    expect(attempts.delay(['0'], 0)).toBe(0);
  });

  test('cost nothing when there is no limit', () => {
    const attempts = new LoginAttempts({ free: 0, ticks: 10 });
    fail(attempts, 100);
    expect([attempts.size, attempts.delay(['a'], 0)]).toEqual([0, 0]);
  });
});
