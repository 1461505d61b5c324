import { assert } from '../base/index.js';
import type { LogEntry } from './log.js';
import { countReplicas, replicaBit } from './quorum.js';

/** No proposal waits for an entry. */
export const noToken = -1;

/** An uncommitted prepare on its way through the cluster. */
export interface PipelineEntry {
  readonly entry: LogEntry;
  readonly client: bigint;
  /** Replicas known to hold it durably, as a bitmap. */
  acks: number;
  hasQuorum: boolean;
  /** Token of the proposal that waits for it, or {@link noToken}. */
  token: number;
  /** See the proposal. */
  readonly isUrgent: boolean;
}

/** The primary's queue of prepares in flight: consecutive ops, each chained to the one before. */
export class Pipeline {
  readonly depth: number;
  #entries: PipelineEntry[] = [];

  constructor(depth: number) {
    this.depth = depth;
  }

  get length(): number {
    return this.#entries.length;
  }

  get isFull(): boolean {
    return this.#entries.length >= this.depth;
  }

  get first(): PipelineEntry | undefined {
    return this.#entries[0];
  }

  get last(): PipelineEntry | undefined {
    return this.#entries.at(-1);
  }

  push(pushed: PipelineEntry): void {
    const last = this.last;
    if (last !== undefined) {
      assert(pushed.entry.op === last.entry.op + 1, 'pipeline ops are consecutive');
      assert(pushed.entry.parent === last.entry.checksum, 'pipeline entries are chained');
    }
    this.#entries.push(pushed);
  }

  shift(): PipelineEntry | undefined {
    return this.#entries.shift();
  }

  pop(): PipelineEntry | undefined {
    return this.#entries.pop();
  }

  at(op: number): PipelineEntry | undefined {
    const first = this.#entries[0];
    // No index below 0: what an array does not have is looked for in its prototypes.
    if (first === undefined || op < first.entry.op) return undefined;
    return this.#entries[op - first.entry.op];
  }

  /** Whether an operation of this client is in flight. */
  hasClient(client: bigint): boolean {
    for (const pending of this.#entries) if (pending.client === client) return true;
    return false;
  }

  clear(): readonly PipelineEntry[] {
    const cleared = this.#entries;
    this.#entries = [];
    return cleared;
  }

  [Symbol.iterator](): IterableIterator<PipelineEntry> {
    return this.#entries.values();
  }
}

/** Counts an acknowledgement once; true when it completed the quorum. */
export function acknowledge(pending: PipelineEntry, replica: number, quorum: number): boolean {
  pending.acks |= replicaBit(replica);
  if (pending.hasQuorum || countReplicas(pending.acks) < quorum) return false;
  pending.hasQuorum = true;
  return true;
}

export function isAcknowledgedBy(pending: PipelineEntry, replica: number): boolean {
  return (pending.acks & replicaBit(replica)) !== 0;
}
