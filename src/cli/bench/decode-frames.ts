import { Decoder, describeFrame } from '../../decoder/index.js';
import { buildFrame, Operation } from '../../wire/index.js';
import { Meter } from './meter.js';
import type { BenchPlan } from './options.js';
import type { BenchOutcome } from './outcome.js';

/** Frames between two looks at the clock. */
const perRound = 100;

/** Explains request frames, field by field, until the time is over. */
export async function decodeFrames(plan: BenchPlan, signal: AbortSignal): Promise<BenchOutcome> {
  const frame = exampleFrame();
  const input = openDecoder();
  const bytes = new Uint8Array(perRound * frame.length);
  for (let i = 0; i < perRound; i++) bytes.set(frame, i * frame.length);
  const startedAt = performance.now() + plan.warmupMillis;
  const end = startedAt + plan.durationMillis;
  const meter = new Meter('decoder', startedAt, plan.samplingMillis);
  const rounds = plan.batches ?? Infinity;
  for (let round = 0; round < rounds && performance.now() < end && !signal.aborted; round++) {
    const before = performance.now();
    input.push(bytes);
    meter.done(before, perRound, bytes.length);
    if (round % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return { meters: [meter], seconds: Math.max(0.001, (performance.now() - startedAt) / 1000) };
}

function exampleFrame(): Uint8Array {
  const body = new Uint8Array(256).fill(0x78);
  body[0] = 254;
  const header = { operation: Operation.CreateStream, client: 7n, session: 9n, request: 1n };
  return buildFrame('Request', header, body);
}

function openDecoder() {
  const decoder = new Decoder(
    {
      ...{ form: 'binary', framing: 'vsr', layout: 'current', direction: 'client' },
      ...{ ports: () => [], verify: true, resync: false, pair: false, filter: undefined },
      ...{ skip: 0, limit: Infinity, countOnly: false },
    },
    {
      frame: (view) => void describeFrame(view),
      bad: () => undefined,
      partial: () => undefined,
      warn: () => undefined,
    },
  );
  return decoder.open(undefined);
}
