import { getU64, getU64Number } from '../../base/index.js';
import {
  decodeBatch,
  decodeSnapshot,
  decodeSnapshotFile,
  decodeSuperblock,
  prepareHeader,
} from '../../wire/index.js';
import type { SimFile } from './sim-file.js';

/** What a replica wrote down about the log of a view when it first claimed to have it. */
export interface RememberedView {
  readonly logView: number;
  readonly commitMax: number;
  /** Identity by op, of the valid headers. */
  readonly headers: ReadonlyMap<number, bigint>;
}

const at = prepareHeader.offsetOf;
const zeroHeader = new Uint8Array(256);

function snapshotOpOf(file: SimFile | undefined): number {
  if (file === undefined || file.length === 0) return 0;
  return Number(decodeSnapshot(decodeSnapshotFile(file.bytes).payload).sequence_number);
}

/**
 * What one disk holds durably of the metadata group, read from its bytes and from nothing a replica says: the judge of
 * "durable before said".
 */
export class DurableLedger {
  /** Identity of the durable entry by op. */
  readonly entries = new Map<number, bigint>();
  view = 0;
  logView = 0;
  checkpointOp = 0;
  checkpointChecksum = 0n;
  remembered: RememberedView | undefined;
  /** Last op of the durable snapshot; its superblock record may still be missing. */
  snapshotOp = 0;
  /** Told what the journal held before it was replaced, cut or read again. */
  rewritten: ((before: ReadonlyMap<number, bigint>) => void) | undefined;
  /** Place of the newest durable batch in the journal. */
  lastBatchOffset = 0;
  /** Last op that was drained from the journal of a partition, into its segments. */
  drainedOp = 0;
  #scanned = 0;
  #sequence = -1;

  /** True when exactly this entry is durable, or a checkpoint that includes it. */
  holds(op: number, checksum: bigint): boolean {
    const isBehind = this.checkpointOp >= op || this.drainedOp >= op;
    return isBehind || this.entries.get(op) === checksum;
  }

  /** Bytes of a file became durable. */
  changed(path: string, file: SimFile | undefined, from: number): void {
    if (path === 'metadata/journal.wal') {
      const before = from === 0 && this.rewritten !== undefined ? new Map(this.entries) : undefined;
      this.#journal(file, from);
      if (before !== undefined) this.rewritten?.(before);
    } else if (path === 'metadata/snapshot.bin') this.snapshotOp = snapshotOpOf(file);
    else if (path.startsWith('metadata/superblock.')) this.#superblock(file);
  }

  /** The disk was wiped. */
  forget(): void {
    this.entries.clear();
    this.view = 0;
    this.logView = 0;
    this.checkpointOp = 0;
    this.snapshotOp = 0;
    this.checkpointChecksum = 0n;
    this.drainedOp = 0;
    this.remembered = undefined;
    this.#scanned = 0;
    this.#sequence = -1;
  }

  #journal(file: SimFile | undefined, from: number): void {
    if (from === 0 || file === undefined) {
      this.entries.clear();
      this.#scanned = 0;
      this.lastBatchOffset = 0;
      this.drainedOp = 0;
    }
    if (file === undefined) return;
    const bytes = file.bytes.subarray(0, file.durable);
    while (this.#scanned < bytes.length) {
      const batch = decodeBatch(bytes, this.#scanned);
      if (batch === undefined) return;
      if (batch.kind === 'entries') {
        for (const entry of batch.entries) {
          this.entries.set(getU64Number(entry, at.op), getU64(entry, at.checksum));
        }
      } else this.drainedOp = getU64Number(batch.entries[0] ?? zeroHeader, at.op);
      this.lastBatchOffset = this.#scanned;
      this.#scanned += batch.length;
    }
  }

  #superblock(file: SimFile | undefined): void {
    if (file === undefined || file.length === 0) return;
    const { sequence, record } = decodeSuperblock(file.bytes);
    if (sequence < this.#sequence) return;
    this.#sequence = sequence;
    this.view = record.view;
    this.checkpointOp = record.checkpointOp;
    this.checkpointChecksum = record.checkpointChecksum;
    if (record.logView !== this.logView || this.remembered === undefined) {
      const headers = new Map<number, bigint>();
      for (const header of record.viewHeaders ?? []) {
        headers.set(getU64Number(header, at.op), getU64(header, at.checksum));
      }
      this.remembered = { logView: record.logView, commitMax: record.commitMax, headers };
    }
    this.logView = record.logView;
  }
}
