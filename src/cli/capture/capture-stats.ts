import { getU128 } from '../../base/index.js';
import type { FrameView } from '../../decoder/index.js';
import { Command, Operation, requestHeader, requestView } from '../../wire/index.js';
import { hex128 } from '../output/wire-values.js';
import { percentile } from '../percentile.js';

interface KindRow {
  readonly command: string;
  readonly operation: string | null;
  count: number;
  bytes: bigint;
  errors: number;
  readonly latencies: number[];
}

interface ClientRow {
  frames: number;
  jumps: number;
  repeats: number;
  /** Highest request number seen. */
  last: bigint;
}

const mostClients = 20;

/** Counts what a capture holds: frames by kind, and how clients number their requests. */
export class CaptureStats {
  readonly #kinds = new Map<string, KindRow>();
  readonly #clients = new Map<string, ClientRow>();

  frame(view: FrameView): void {
    const operation = view.operation?.command?.name ?? view.operation?.name ?? null;
    const key = `${view.command.name} ${operation ?? ''}`;
    const row = this.#kinds.get(key) ?? {
      ...{ command: view.command.name, operation, count: 0, bytes: 0n, errors: 0, latencies: [] },
    };
    this.#kinds.set(key, row);
    row.count += 1;
    row.bytes += BigInt(view.length);
    const isError = view.status !== undefined || view.reason !== undefined;
    if (isError || view.problems.length > 0) row.errors += 1;
    const latency = view.pair?.latencyMicros;
    if (latency !== undefined) row.latencies.push(latency);
    if (view.family === 'vsr' && view.command.code === Command.Request) this.#client(view);
  }

  note(_text: string): void {
    // Damage is counted by the decoder.
  }

  rows() {
    return [...this.#kinds.values()]
      .sort((a, b) => b.count - a.count)
      .map(({ latencies, ...row }) => {
        const sorted = latencies.sort((a, b) => a - b);
        const at = (share: number) => percentile(sorted, share) ?? null;
        return { ...row, p50_us: at(0.5), p99_us: at(0.99) };
      });
  }

  /** The clients with the most frames. */
  clients() {
    return [...this.#clients]
      .sort(([, a], [, b]) => b.frames - a.frames)
      .slice(0, mostClients)
      .map(([client_id, { frames, jumps, repeats }]) => ({ client_id, frames, jumps, repeats }));
  }

  #client({ bytes }: FrameView): void {
    const id = hex128(getU128(bytes, requestHeader.offsetOf.client));
    const row = this.#clients.get(id) ?? { frames: 0, jumps: 0, repeats: 0, last: 0n };
    this.#clients.set(id, row);
    row.frames += 1;
    const operation = requestView.operation(bytes);
    if (operation === Operation.Register || operation === Operation.NonReplicated) return;
    const number = requestView.request(bytes);
    if (number > row.last + 1n && row.last > 0n) row.jumps += 1;
    if (number <= row.last) row.repeats += 1;
    if (number > row.last) row.last = number;
  }
}
