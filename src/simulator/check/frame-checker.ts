import { getU64, getU64Number } from '../../base/index.js';
import {
  Command,
  doViewChangeView,
  frameView,
  prepareHeader,
  prepareOkView,
  prepareView,
  readSuffix,
  startViewView,
} from '../../wire/index.js';
import { digestOf } from '../trace/trace-hash.js';
import type { DurableLedger } from '../world/durable-ledger.js';
import type { Report } from './verdict.js';

/** What a frame that leaves is judged by. */
export interface Sender {
  readonly index: number;
  readonly ledger: DurableLedger;
  /** A sync failed, and the replica knows. */
  readonly mustBeSilent: boolean;
  /** Highest op applied by the sender. */
  readonly commitMin: number;
}

/** What is known to be committed in a group, by op. */
export interface CommittedLog {
  readonly head: number;
  /** Index 0 is unused. */
  readonly entries: readonly ({ readonly checksum: bigint; readonly view: number } | undefined)[];
  get(op: number): { readonly checksum: bigint } | undefined;
}

const at = prepareHeader.offsetOf;

/** Frames that speak for a view. */
const gated: ReadonlySet<number> = new Set([
  ...[Command.StartViewChange, Command.DoViewChange, Command.StartView, Command.Prepare],
  ...[Command.PrepareOk, Command.Commit, Command.Pong],
]);

/** Judges every frame between replicas as it leaves, by the sender's disk and the canonical log. */
export class FrameChecker {
  readonly #count: number;
  readonly #canonical: CommittedLog;
  readonly #report: Report;
  /** Identity of the prepare of a view and op. */
  readonly #prepares = new Map<number, bigint>();
  /** Digest of the newest vote by replica. */
  readonly #votes = new Map<number, number>();
  /** Replicas, as bits, whose acknowledgement of an entry left while they held it, by its identity. */
  readonly #acks = new Map<bigint, number>();

  constructor(count: number, canonical: CommittedLog, report: Report) {
    this.#count = count;
    this.#canonical = canonical;
    this.#report = report;
  }

  /** A frame leaves a replica. */
  sent(sender: Sender, frame: Uint8Array): void {
    const command = frameView.command(frame);
    if (sender.mustBeSilent) {
      this.#fail('S23', sender, 'a frame left after a failed sync');
    }
    if (gated.has(command) && frameView.view(frame) > sender.ledger.view) {
      const detail = `a frame of view ${frameView.view(frame)}, durable is ${sender.ledger.view}`;
      this.#fail('S8', sender, detail);
    }
    switch (command) {
      case Command.Prepare:
        this.#prepare(sender, frame);
        break;
      case Command.PrepareOk:
        this.#ack(sender, frame);
        break;
      case Command.Commit:
        this.#speaksAsPrimary(sender, frame);
        break;
      case Command.DoViewChange:
        this.#vote(sender, frame);
        break;
      case Command.StartView:
        this.#speaksAsPrimary(sender, frame);
        this.#startView(sender, frame);
        break;
      default:
        break;
    }
  }

  /** S9: which replicas, as bits, held the entry when they said so. */
  holders(checksum: bigint): number {
    return this.#acks.get(checksum) ?? 0;
  }

  #prepare(sender: Sender, frame: Uint8Array): void {
    const op = prepareView.op(frame);
    const view = prepareView.view(frame);
    const key = prepareKey(view, op);
    const checksum = getU64(frame, at.checksum);
    const known = this.#prepares.get(key);
    if (known === undefined) {
      // A committed entry that was fetched is passed on as well; nobody can mistake it.
      const isCommitted = this.#canonical.get(op)?.checksum === checksum;
      if (view % this.#count !== sender.index && !isCommitted) {
        this.#fail('S6', sender, `first to send the prepare of op ${op} in view ${view}`);
      }
      this.#prepares.set(key, checksum);
    } else if (known !== checksum) {
      this.#fail('S7', sender, `a second prepare of op ${op} in view ${view}`);
    }
  }

  #ack(sender: Sender, frame: Uint8Array): void {
    const op = prepareOkView.op(frame);
    const checksum = prepareOkView.prepareChecksum(frame) & 0xffff_ffff_ffff_ffffn;
    if (!sender.ledger.holds(op, checksum)) {
      this.#fail('S8', sender, `acknowledged op ${op}, which is not durable`);
      return;
    }
    const { entries } = sender.ledger;
    for (let below = sender.commitMin + 1; below < op; below++) {
      if (entries.has(below)) continue;
      this.#fail('S26', sender, `acknowledged op ${op} above a hole at ${below}`);
      return;
    }
    this.#acks.set(checksum, (this.#acks.get(checksum) ?? 0) | (1 << sender.index));
  }

  #speaksAsPrimary(sender: Sender, frame: Uint8Array): void {
    const view = frameView.view(frame);
    if (view % this.#count !== sender.index) {
      this.#fail('S6', sender, `spoke as the primary of view ${view}`);
    }
  }

  #vote(sender: Sender, frame: Uint8Array): void {
    // A vote is a promise about the time it was made: repeats of it are byte-identical.
    const digest = digestOf(frame);
    if (this.#votes.get(sender.index) === digest) return;
    this.#votes.set(sender.index, digest);
    const op = doViewChangeView.op(frame);
    const logView = doViewChangeView.logView(frame);
    const nacks = doViewChangeView.nackBitset(frame);
    const commit = doViewChangeView.commit(frame);
    // What lies above a hole was never acknowledged and may be denied; the run may not.
    const { entries } = sender.ledger;
    for (let held = commit + 1; held <= this.#canonical.head; held++) {
      const checksum = entries.get(held);
      if (checksum === undefined) break;
      const isNacked = held > op || ((nacks >> BigInt(op - held)) & 1n) === 1n;
      if (!isNacked || this.#canonical.get(held)?.checksum !== checksum) continue;
      const vote = `op ${op}, commit ${commit}, log_view ${logView}, nacks ${nacks.toString(2)}`;
      this.#fail('S25', sender, `nacked committed op ${held}, which it holds (${vote})`);
      return;
    }
    if (logView > sender.ledger.logView) {
      this.#fail('S8', sender, `voted with log_view ${logView} before that was durable`);
    }
    this.#remembers(sender, frame, { op, commit, logView });
  }

  #remembers(
    sender: Sender,
    frame: Uint8Array,
    vote: { readonly op: number; readonly commit: number; readonly logView: number },
  ): void {
    const { remembered } = sender.ledger;
    if (remembered === undefined || remembered.logView !== vote.logView) return;
    if (vote.op < remembered.commitMax || vote.commit < remembered.commitMax) {
      const detail = `voted op ${vote.op}, commit ${vote.commit}, remembered ${remembered.commitMax}`;
      this.#fail('S27', sender, detail);
      return;
    }
    if (remembered.headers.size === 0) return;
    const listed = suffixOf(frame, vote.op);
    for (const [op, checksum] of remembered.headers) {
      if (op <= vote.commit || listed.get(op) === checksum) continue;
      this.#fail('S27', sender, `the vote lacks op ${op} of its view's log`);
      return;
    }
  }

  #startView(sender: Sender, frame: Uint8Array): void {
    const view = frameView.view(frame);
    const op = startViewView.op(frame);
    const listed = suffixOf(frame, op);
    // What it lists counts as sent by the primary: backups that fetch it elsewhere pass it on.
    for (const [at, checksum] of listed) {
      const key = prepareKey(view, at);
      if (!this.#prepares.has(key)) this.#prepares.set(key, checksum);
    }
    const { entries } = this.#canonical;
    for (let k = entries.length - 1; k > 0; k--) {
      const entry = entries[k];
      if (entry === undefined || entry.view >= view) continue;
      if (k > op) {
        this.#fail('S10', sender, `start-view of view ${view} lacks committed op ${k}`);
        return;
      }
      const named = listed.get(k);
      if (named !== undefined && named !== entry.checksum) {
        this.#fail('S10', sender, `start-view of view ${view} has another op ${k}`);
        return;
      }
      if (op - k > 128) return;
    }
  }

  #fail(invariant: string, sender: Sender, detail: string): void {
    this.#report({
      class: 'S',
      invariant,
      detail: `r${sender.index}: ${detail}`,
      node: sender.index,
    });
  }
}

/** One number per view and op. */
function prepareKey(view: number, op: number): number {
  return view * 0x1_0000_0000 + op;
}

/** Identities by op that a vote or a start-view lists. */
function suffixOf(frame: Uint8Array, head: number): ReadonlyMap<number, bigint> {
  const listed = new Map<number, bigint>();
  for (const { blank, bytes } of readSuffix(frame, BigInt(head))) {
    if (!blank) listed.set(getU64Number(bytes, at.op), getU64(bytes, at.checksum));
  }
  return listed;
}
