import { afterEach, describe, expect, it } from 'vitest';
import { Ticker } from '../../src/cluster/ticker.js';

const tickers: Ticker[] = [];
afterEach(() => {
  for (const ticker of tickers.splice(0)) ticker.stop();
});

const settle = (millis: number) => new Promise((resolve) => setTimeout(resolve, millis));

describe('Ticker', () => {
  it('keeps pace on average, one by one or in groups', async () => {
    for (const isQuiet of [false, true]) {
      let ticks = 0;
      const ticker = new Ticker(
        10,
        () => {
          ticks += 1;
        },
        () => isQuiet,
      );
      tickers.push(ticker);
      const start = performance.now();
      ticker.start();
      await settle(400);
      const due = (performance.now() - start) / 10;

      expect(ticks).toBeGreaterThan(due - 12);
      expect(ticks).toBeLessThanOrEqual(due + 1);
    }
  });

  it('does not make up for a stall', () => {
    let ticks = 0;
    const ticker = new Ticker(
      10,
      () => {
        ticks += 1;
      },
      () => false,
    );
    tickers.push(ticker);
    ticker.start();
    return new Promise<void>((resolve) => {
      setTimeout(() => {
        const before = ticks;
        const end = performance.now() + 300;
        while (performance.now() < end);
        setTimeout(() => {
          expect(ticks - before).toBeLessThan(12);
          resolve();
        }, 30);
      }, 50);
    });
  });

  it('is quick again when it is told to hurry, and silent once it was stopped', async () => {
    const times: number[] = [];
    const ticker = new Ticker(
      20,
      () => times.push(performance.now()),
      () => true,
    );
    tickers.push(ticker);
    ticker.start();
    await settle(130);
    const hurried = performance.now();
    ticker.hurry();
    await settle(60);
    expect((times.find((time) => time > hurried) ?? Infinity) - hurried).toBeLessThan(55);

    ticker.stop();
    const count = times.length;
    await settle(150);
    expect(times).toHaveLength(count);
  });
});
