import { eventLine, type WrittenEvent } from './trace-file.js';

/** What a person who goes through a run sees, and says. */
export interface StepIo {
  /** What is typed, line by line. */
  readonly lines: AsyncIterable<string>;
  write(text: string): void;
}

/** A run to go through. */
export interface SteppedRun {
  readonly events: readonly WrittenEvent[];
  /** Position of the first event to show. */
  readonly from: number;
  /** The replicas at the end of a tick. */
  states(tick: number): readonly string[];
}

const help = 'Enter: next event; N: next N events; t: to the next tick; s: states; c: all; q: end';

/** Shows a run event by event, as far as it is asked to go. */
export async function stepThrough(run: SteppedRun, io: StepIo): Promise<void> {
  const { events } = run;
  let at = run.from;
  const show = (count: number) => {
    for (const event of events.slice(at, at + count)) io.write(eventLine(event));
    at = Math.min(events.length, at + count);
    if (at === events.length) io.write('no more events\n');
  };
  io.write(`${help}\n`);
  show(1);
  for await (const line of io.lines) {
    const word = line.trim();
    if (word === 'q') return;
    if (word === 's') for (const state of run.states(tickAt(events, at))) io.write(`${state}\n`);
    else if (word === 'c') show(events.length);
    else if (word === 't') show(toNextTick(events, at));
    else if (word === '' || /^\d+$/.test(word)) show(word === '' ? 1 : Number(word));
    else io.write(`${help}\n`);
  }
}

/** The tick of the event that was shown last. */
function tickAt(events: readonly WrittenEvent[], at: number): number {
  return events[at - 1]?.t ?? 0;
}

function toNextTick(events: readonly WrittenEvent[], at: number): number {
  const tick = tickAt(events, at);
  const next = events.findIndex(({ t }, i) => i >= at && t > tick);
  return (next < 0 ? events.length : next) - at + 1;
}
