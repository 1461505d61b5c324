import { getU64, getU64Number } from '../../base/index.js';
import type { ReplicaState } from '../../consensus/index.js';
import { Command, frameView, prepareHeader, readSuffix, startViewView } from '../../wire/index.js';
import type { SimNode } from '../world/sim-node.js';
import type { CanonicalLog } from './canonical-log.js';
import { isMetadataFrame } from './frame-group.js';
import type { Report } from './verdict.js';

type Decision = NonNullable<ReplicaState['decided']>;
type Vote = Decision['votes'][number];

const at = prepareHeader.offsetOf;

/** Judges how the log of a view comes about, and whether those who follow it write it down. */
export class ViewChecker {
  readonly #canonical: CanonicalLog;
  readonly #nackQuorum: number;
  readonly #report: Report;
  /** The decision of a node that was judged last. */
  readonly #judged = new Map<number, Decision>();
  /** Identities by op of the first StartView of each view. */
  readonly #announced = new Map<number, ReadonlyMap<number, bigint>>();
  /** `log_view` of the record that was judged last, by node. */
  readonly #recorded = new Map<number, number>();

  constructor(canonical: CanonicalLog, nackQuorum: number, report: Report) {
    this.#canonical = canonical;
    this.#nackQuorum = nackQuorum;
    this.#report = report;
  }

  /** After a turn of a node. */
  observe(node: SimNode): void {
    this.#record(node);
    const decided = node.host?.replica.state.decided;
    if (decided === undefined || this.#judged.get(node.index) === decided) return;
    this.#judged.set(node.index, decided);
    this.#merge(node, decided);
  }

  /** A frame leaves a node. */
  sent(node: SimNode, frame: Uint8Array): void {
    this.#record(node);
    if (frameView.command(frame) !== Command.StartView || !isMetadataFrame(frame)) return;
    const view = frameView.view(frame);
    if (this.#announced.has(view)) return;
    const head = node.host?.replica.state.startedHead ?? 0;
    const listed = new Map<number, bigint>();
    for (const { blank, bytes } of readSuffix(frame, BigInt(startViewView.op(frame)))) {
      const op = blank ? head + 1 : getU64Number(bytes, at.op);
      if (op <= head) listed.set(op, getU64(bytes, at.checksum));
    }
    this.#announced.set(view, listed);
    this.#recorded.delete(node.index);
    this.#record(node);
  }

  /** S27: the first durable record with a `log_view` names what that view's log began with. */
  #record(node: SimNode): void {
    const { remembered } = node.ledger;
    if (remembered === undefined) return;
    const { logView, commitMax, headers } = remembered;
    if (this.#recorded.get(node.index) === logView) return;
    const announced = this.#announced.get(logView);
    if (announced === undefined) return;
    this.#recorded.set(node.index, logView);
    for (const [op, checksum] of announced) {
      if (op <= commitMax || headers.get(op) === checksum) continue;
      this.#fail('S27', node, `the record of log view ${logView} lacks op ${op} of its log`);
      return;
    }
  }

  /**
   * S11: an op of the newest log is given up only if enough voters never prepared it, or one below it
   * that it was built upon.
   */
  #merge(node: SimNode, { votes, log }: Decision): void {
    const newest = Math.max(...votes.map(({ logView }) => logView));
    const [highest] = votes.filter(({ logView }) => logView === newest).sort((a, b) => b.op - a.op);
    if (highest === undefined) return;
    const merged = new Map<number, bigint>();
    for (const header of log.headers) {
      merged.set(getU64Number(header, at.op), getU64(header, at.checksum));
    }
    for (let op = log.commitMax + 1; op <= highest.op; op++) {
      const identity = identityAt(highest, op);
      if (identity === undefined || merged.get(op) === identity) continue;
      const nacks = votes.filter((vote) => isNack(vote, op, identity, newest)).length;
      // Nothing above it can have been committed without it.
      if (nacks >= this.#nackQuorum) return;
      const isCommitted = this.#canonical.get(op)?.checksum === identity;
      const what = isCommitted ? 'a committed op' : 'an op';
      const detail = `gave up ${what}, ${op} of log view ${newest}, for ${nacks} nacks`;
      this.#fail('S11', node, detail);
      return;
    }
  }

  #fail(invariant: string, { index }: SimNode, detail: string): void {
    this.#report({ class: 'S', invariant, detail: `r${index}: ${detail}`, node: index });
  }
}

function identityAt(vote: Vote, op: number): bigint | undefined {
  const header = op > vote.op ? undefined : vote.suffix[vote.op - op];
  return header === undefined ? undefined : getU64(header, at.checksum);
}

/** A voter that never prepared the op: it says so, ends below it, or held something older there. */
function isNack(vote: Vote, op: number, identity: bigint, newest: number): boolean {
  if (vote.op < op || ((vote.nack >> BigInt(vote.op - op)) & 1n) === 1n) return true;
  const other = identityAt(vote, op);
  return vote.logView < newest && other !== undefined && other !== identity;
}
