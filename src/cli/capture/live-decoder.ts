import type { TrafficEnd } from '../../cluster/index.js';
import { Decoder, type DecoderInput, type FrameView } from '../../decoder/index.js';
import { captureHeader, PacketMaker } from '../cluster/trace/packets.js';

const everyMillis = 25;

/**
 * Decodes bytes of connections while they pass. What is seen is handed to the decoder as packets, so
 * that live traffic and captures of it are read by the same code.
 */
export class LiveDecoder {
  readonly #input: DecoderInput;
  readonly #maker = new PacketMaker();
  readonly #timer: NodeJS.Timeout;
  #isEnded = false;

  constructor(frame: (view: FrameView) => void, problem: (text: string) => void) {
    const decoder = new Decoder(
      {
        ...{ form: 'pcap' as const, framing: 'auto' as const, layout: 'current' as const },
        ...{ direction: undefined, ports: () => [], verify: true, resync: true, pair: true },
        ...{ filter: undefined, skip: 0, limit: Number.POSITIVE_INFINITY, countOnly: false },
      },
      {
        frame,
        bad: ({ length, reason, flow }) => problem(`${flow ?? ''}: ${length} bytes: ${reason}`),
        partial: () => undefined,
        warn: problem,
      },
    );
    this.#input = decoder.open(undefined);
    this.#input.push(captureHeader());
    this.#timer = setInterval(() => this.flush(), everyMillis);
    this.#timer.unref();
  }

  open(client: TrafficEnd, server: TrafficEnd): void {
    this.#push(this.#maker.open(nowMicros(), client, server));
  }

  data(source: TrafficEnd, target: TrafficEnd, bytes: Uint8Array): void {
    this.#push(this.#maker.data(nowMicros(), source, target, bytes));
  }

  close(source: TrafficEnd, target: TrafficEnd): void {
    this.#push([this.#maker.close(nowMicros(), source, target)]);
  }

  /** Hands on what is complete so far. */
  flush(): void {
    if (!this.#isEnded) this.#input.idle();
  }

  end(): void {
    if (this.#isEnded) return;
    clearInterval(this.#timer);
    this.#isEnded = true;
    this.#input.end();
  }

  #push(records: readonly Uint8Array[]): void {
    if (!this.#isEnded) for (const record of records) this.#input.push(record);
  }
}

/** Microseconds since 1970, finer than the clock of dates. */
function nowMicros(): number {
  return Math.floor((performance.timeOrigin + performance.now()) * 1000);
}
