import { getU64, getU64Number } from '../../base/index.js';
import { Operation, prepareHeader } from '../../wire/index.js';
import {
  type EntryFacts,
  type Expected,
  entryFacts,
  ReferenceMetadata,
} from '../model/reference-metadata.js';
import { ReferenceSessions, type SessionLimits } from '../model/reference-sessions.js';
import type { Report } from './verdict.js';

const at = prepareHeader.offsetOf;

/** One committed operation. */
export interface CanonicalEntry extends EntryFacts {
  readonly checksum: bigint;
  readonly timestamp: number;
  /** View in which it was first known to be committed. */
  readonly view: number;
  /** What the reference answers; absent for logins, logouts and server operations. */
  readonly expected: Expected | undefined;
}

/** What is known about a replica when it commits an op. */
export interface Committer {
  readonly node: number;
  readonly view: number;
}

/**
 * The simulator's own record of which operation was committed at which number: the first replica
 * to commit an op fixes it, everything else is compared with it.
 */
export class CanonicalLog {
  /** By op; index 0 is unused. */
  readonly entries: (CanonicalEntry | undefined)[] = [undefined];
  readonly metadata = new ReferenceMetadata();
  readonly sessions: ReferenceSessions;
  /** The list of streams after an op, where it changed. */
  readonly streamLists: { readonly op: number; readonly list: string }[] = [{ op: 0, list: '' }];
  readonly #report: Report;
  #parent = 0n;
  #timestamp = 0;

  constructor(limits: SessionLimits, report: Report) {
    this.#report = report;
    this.sessions = new ReferenceSessions(limits, report);
  }

  /** The highest op that any replica committed. */
  get head(): number {
    return this.entries.length - 1;
  }

  get(op: number): CanonicalEntry | undefined {
    return this.entries[op];
  }

  /** A replica committed the entry in this frame. True when it is the first to do so. */
  committed(frame: Uint8Array, by: Committer): boolean {
    const op = getU64Number(frame, at.op);
    const checksum = getU64(frame, at.checksum);
    const known = this.entries[op];
    if (known !== undefined) {
      if (known.checksum !== checksum) {
        const detail = `op ${op} is another entry on replica ${by.node} than elsewhere`;
        this.#report({ class: 'S', invariant: 'S1', detail, node: by.node });
      }
      return false;
    }
    this.#extend(frame, op, checksum, by);
    return true;
  }

  #extend(frame: Uint8Array, op: number, checksum: bigint, by: Committer): void {
    const fail = (invariant: string, detail: string) =>
      this.#report({ class: 'S', invariant, detail, node: by.node });
    if (op !== this.head + 1) {
      fail('S2', `op ${op} was committed when the log ended at ${this.head}`);
      return;
    }
    if (getU64(frame, at.parent) !== this.#parent) {
      fail('S2', `op ${op} does not hang from the entry below`);
    }
    const timestamp = getU64Number(frame, at.timestamp);
    if (timestamp <= this.#timestamp) fail('S17', `the timestamp of op ${op} does not increase`);
    const facts = entryFacts(frame);
    const users = facts.operation === Operation.DeleteUser ? [...this.metadata.users.keys()] : [];
    const expected = this.metadata.apply(frame);
    this.sessions.apply(facts);
    for (const user of users) if (!this.metadata.users.has(user)) this.sessions.endUser(user);
    const { operation, client, request, userId } = facts;
    const { view } = by;
    const own = { op, operation, client, request, userId, checksum, timestamp, view, expected };
    this.entries.push(own);
    this.#parent = checksum;
    this.#timestamp = timestamp;
    if (expected?.ok !== true || !streamOperations.has(facts.operation)) return;
    const list = this.metadata.streamList();
    if (list !== this.streamLists.at(-1)?.list) this.streamLists.push({ op, list });
  }
}

const streamOperations: ReadonlySet<number> = new Set([
  ...[Operation.CreateStream, Operation.UpdateStream, Operation.DeleteStream],
]);
