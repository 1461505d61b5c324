import { getU64Number, setU64Number } from '../../../src/base/index.js';
import type {
  Admission,
  AdmissionRequest,
  Applied,
  CommittedEntry,
  StateMachine,
} from '../../../src/consensus/index.js';
import { OffsetFiles } from './offset-files.js';

/**
 * A partition in miniature: every entry is one message, or as many as the first byte of its request
 * says; its body is stamped with the offset it gets. What was applied is kept as "segments", which
 * survive a restart like files do.
 */
export class OffsetMachine implements StateMachine {
  /** Offset per applied op, in op order. */
  readonly segments: number[];
  /** Next offset behind each entry that is not applied. */
  readonly #logged = new Map<number, number>();
  readonly applied: number[] = [];
  isPurging = false;
  readonly artifacts: OffsetFiles;
  /** No offset below this may be given while no entry says where they are. */
  floor: number;
  /** Reserved on disk. */
  readonly #reserved: number;

  /** @param reserved what was reserved before a restart that took the journal */
  constructor(segments: readonly number[] = [], reserved = 0) {
    this.segments = [...segments];
    this.artifacts = new OffsetFiles(this.segments);
    this.#reserved = reserved;
    this.floor = reserved;
  }

  get nextOffset(): number {
    return Math.max(this.segments.length, this.floor, ...this.#logged.values());
  }

  admit(request: AdmissionRequest): Admission {
    const body = new Uint8Array(9);
    setU64Number(body, 0, this.nextOffset);
    body[8] = request.body[0] ?? 1;
    return { kind: 'accept', operation: request.operation, body };
  }

  verifyBody(entry: CommittedEntry): boolean {
    const below = this.#logged.get(entry.op - 1);
    return below === undefined || getU64Number(entry.body, 0) === below;
  }

  logged(entry: CommittedEntry): void {
    this.#logged.set(entry.op, getU64Number(entry.body, 0) + (entry.body[8] ?? 1));
  }

  unlogged(op: number): void {
    this.#logged.delete(op);
  }

  apply(entry: CommittedEntry): Applied {
    const offset = getU64Number(entry.body, 0);
    this.#logged.delete(entry.op);
    this.applied.push(entry.op);
    if (this.floor > 0 && offset >= this.floor) this.#jump(offset);
    if (offset > this.segments.length) throw new Error(`offset ${offset} leaves a hole`);
    for (let i = this.segments.length; i < offset + (entry.body[8] ?? 1); i++) {
      this.segments.push(i);
    }
    return { body: entry.body.slice() };
  }

  endSession(): void {}

  /** A log that was begun anew leaves a gap, marked by -1. */
  #jump(offset: number): void {
    this.floor = 0;
    while (this.segments.length < offset) this.segments.push(-1);
  }

  offsetFrontier(): number {
    return Math.max(this.nextOffset, this.#reserved);
  }

  offsetFloor(): number {
    return this.floor;
  }

  takeOffsetFloor(floor: number): void {
    this.floor = floor > this.segments.length ? floor : 0;
  }

  mayAcknowledge = (_op: number): boolean => true;

  forgetOffsets(): void {
    this.floor = this.offsetFrontier();
  }

  connects(_floor: number, window: readonly CommittedEntry[]): boolean {
    const [first] = window;
    return first === undefined || getU64Number(first.body, 0) <= this.segments.length;
  }

  isPurgePending(): boolean {
    return this.isPurging;
  }
}
