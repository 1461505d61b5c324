import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Ticker } from '../../src/cluster/ticker.js';

// Clock and timers are made by hand: what is due when is exact, on however busy a machine.
const tickers: Ticker[] = [];
let stalled = 0;
beforeEach(() => {
  stalled = 0;
  vi.useFakeTimers({ now: 0, toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  vi.spyOn(performance, 'now').mockImplementation(() => Date.now() + stalled);
});
afterEach(() => {
  for (const ticker of tickers.splice(0)) ticker.stop();
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** A ticker that has been started, and the times of its ticks. */
function started(millis: number, isQuiet: boolean): { ticker: Ticker; times: number[] } {
  const times: number[] = [];
  const ticker = new Ticker(
    millis,
    () => times.push(performance.now()),
    () => isQuiet,
  );
  tickers.push(ticker);
  ticker.start();
  return { ticker, times };
}

describe('Ticker', () => {
  it('keeps pace on average, one by one or in groups', () => {
    const busy = started(10, false);
    const quiet = started(10, true);
    vi.advanceTimersByTime(410);

    expect(busy.times).toEqual(Array.from({ length: 41 }, (_, i) => 10 * (i + 1)));
    expect(quiet.times).toHaveLength(41);
    expect([...new Set(quiet.times)]).toEqual([10, 60, 110, 160, 210, 260, 310, 360, 410]);
  });

  it('makes up for a short delay, not for a stall', () => {
    const { times } = started(10, false);
    vi.advanceTimersByTime(50);
    expect(times).toHaveLength(5);
    stalled += 15;
    vi.advanceTimersByTime(10);
    expect(times.slice(5)).toEqual([75, 75]);

    stalled += 300;
    vi.advanceTimersByTime(5);
    expect(times.slice(7)).toEqual([380, 380, 380]);
    vi.advanceTimersByTime(30);
    expect(times.slice(10)).toEqual([390, 400, 410]);
  });

  it('is quick again when it is told to hurry, and silent once it was stopped', () => {
    const { ticker, times } = started(20, true);
    vi.advanceTimersByTime(130);
    expect(times).toEqual([20, 120, 120, 120, 120, 120]);
    ticker.hurry();
    vi.advanceTimersByTime(20);
    expect(times.slice(6)).toEqual([140]);

    ticker.stop();
    vi.advanceTimersByTime(1000);
    expect(times).toHaveLength(7);
  });
});
