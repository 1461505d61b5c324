import { getU64, getU64Number } from '../../base/index.js';
import { InvariantHistory } from '../../consensus/index.js';
import { prepareHeader } from '../../wire/index.js';
import { ReferencePartition } from '../model/reference-partition.js';
import type { Committer } from './canonical-log.js';
import { FrameChecker } from './frame-checker.js';
import type { PartitionHistory } from './partition-history.js';
import type { Report, Violation } from './verdict.js';

const at = prepareHeader.offsetOf;

interface Entry {
  readonly checksum: bigint;
  readonly view: number;
}

/** Which partition a record is about. */
export interface RecordPlace {
  readonly group: number;
  /** Of the incarnation: ids are used again. */
  readonly revision: number;
  readonly ack: 'fsync' | 'memory';
}

/**
 * The simulator's own record of one partition's log: the first replica to commit an op fixes it, and
 * the reference says what follows from it. A partition that acknowledges from memory may lose its log
 * once too many replicas lost theirs at the same time; the record then goes on with the new one.
 */
export class PartitionRecord {
  readonly place: RecordPlace;
  readonly reference = new ReferencePartition();
  readonly invariants = new InvariantHistory();
  readonly frames: FrameChecker;
  /** By op; index 0 is unused. */
  readonly entries: (Entry | undefined)[] = [undefined];
  /** Replicas that lost what they held in memory and have not caught up since. */
  readonly forgetful = new Set<number>();
  /** More was lost at once than the contract covers. */
  hasLost = false;
  /** No replica holds anything of the log any more: the next batch may be anywhere behind it. */
  #mayJump = false;
  /** Replicas that came to its removal. */
  readonly removedBy = new Set<number>();
  /**
   * A replica that had removed it already opened it again, empty: a crash took the commit point of
   * the removal back. All of it goes for good in a moment, so nobody judges what it does until then.
   */
  isDoomed = false;
  /** Logs that were begun after such a loss. */
  restarts = 0;
  readonly #history: PartitionHistory;
  readonly #report: Report;
  readonly #replicas: number;
  #parent: bigint | undefined;
  #timestamp = 0;

  constructor(
    place: RecordPlace,
    replicas: number,
    about: { readonly history: PartitionHistory; readonly report: Report },
  ) {
    this.place = place;
    this.#replicas = replicas;
    this.#history = about.history;
    this.#report = about.report;
    this.frames = new FrameChecker(replicas, this, (violation) => this.report(violation));
  }

  get head(): number {
    return this.entries.length - 1;
  }

  get(op: number): Entry | undefined {
    return this.entries[op];
  }

  report(violation: Violation): void {
    if (this.isDoomed) return;
    const { group, revision } = this.place;
    this.#report({ ...violation, detail: `partition ${group}/${revision}: ${violation.detail}` });
  }

  /** A replica opened it. */
  opened(node: number): void {
    if (this.removedBy.has(node)) this.isDoomed = true;
  }

  /** A replica lost its memory. @param quorum how many such losses at once lose messages */
  forgot(node: number, quorum: number): void {
    if (this.place.ack !== 'memory') return;
    this.forgetful.add(node);
    if (this.forgetful.size >= Math.min(quorum, this.#replicas)) this.hasLost = true;
  }

  /** Whoever held anything of the log in memory has lost it. */
  vanished(): void {
    if (this.place.ack === 'memory') this.#mayJump = true;
  }

  /** A replica committed the entry in this frame. True when it is the first to do so. */
  committed(frame: Uint8Array, by: Committer): boolean {
    const op = getU64Number(frame, at.op);
    const checksum = getU64(frame, at.checksum);
    const known = this.entries[op];
    if (known?.checksum === checksum) return false;
    if (known !== undefined || op !== this.head + 1) {
      if (this.hasLost || this.isDoomed) return this.#restart(frame, op, { checksum, by });
      const detail =
        known === undefined
          ? `op ${op} was committed when the log ended at ${this.head}`
          : `op ${op} is another entry on replica ${by.node} than elsewhere`;
      const invariant = known === undefined ? 'S2' : 'S1';
      this.report({ class: 'S', invariant, detail, node: by.node });
      return false;
    }
    this.#extend(frame, op, { checksum, by });
    return true;
  }

  /** The old log is gone for good; offsets go on behind everything that was ever given. */
  #restart(
    frame: Uint8Array,
    op: number,
    entry: { readonly checksum: bigint; readonly by: Committer },
  ): boolean {
    this.restarts += 1;
    this.entries.length = Math.min(op, this.entries.length);
    while (this.entries.length < op) this.entries.push(undefined);
    this.#parent = undefined;
    this.#timestamp = 0;
    this.#extend(frame, op, entry);
    return true;
  }

  #extend(
    frame: Uint8Array,
    op: number,
    { checksum, by }: { readonly checksum: bigint; readonly by: Committer },
  ): void {
    const fail = (failureClass: 'S' | 'D', invariant: string, detail: string) =>
      this.report({ class: failureClass, invariant, detail, node: by.node });
    // Without its journal a lone replica knows the number of its last op, and not what it was.
    const isLoose = this.#parent === undefined || this.hasLost;
    if (!isLoose && getU64(frame, at.parent) !== this.#parent) {
      fail('S', 'S2', `op ${op} does not hang from the entry below`);
    }
    const timestamp = getU64Number(frame, at.timestamp);
    if (timestamp <= this.#timestamp) fail('S', 'S17', `the timestamp of op ${op} does not grow`);
    this.entries.push({ checksum, view: by.view });
    this.#parent = checksum;
    this.#timestamp = timestamp;
    this.#apply(frame, op, fail);
  }

  #apply(
    frame: Uint8Array,
    op: number,
    fail: (failureClass: 'S' | 'D', invariant: string, detail: string) => void,
  ): void {
    const { reference } = this;
    const before = reference.next;
    const complaint = reference.apply(frame);
    // The one lawful gap: a log that was lost goes on behind what was reserved.
    if (complaint !== undefined && this.#mayJump && reference.next > before) this.#mayJump = false;
    else if (complaint !== undefined) fail('D', 'D3', complaint);
    const batch = reference.batches.at(-1);
    if (batch === undefined || batch.op !== op) return;
    for (const message of batch.messages) {
      const foreign = this.#history.foreign(message);
      if (foreign !== undefined) this.report(foreign);
      this.#count(message.id, fail);
    }
  }

  /** D4: no more copies than were sent, and none of what was refused for good. */
  #count(
    id: bigint,
    fail: (failureClass: 'S' | 'D', invariant: string, detail: string) => void,
  ): void {
    const sent = this.#history.find(id);
    const copies = this.reference.copies.get(id) ?? 0;
    if (sent === undefined) return;
    const name = `message ${id.toString(16)}`;
    if (sent.isRefused) fail('D', 'D4', `${name} was refused and is in the log`);
    if (copies > sent.sends) fail('D', 'D4', `${name} is there ${copies}×, sent ${sent.sends}×`);
  }
}
