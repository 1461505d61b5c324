import { pipelineCeiling } from './constants.js';
import { prepareChecksum, prepareCommit, prepareParent } from './frame/prepare.js';
import type { Vote } from './frame/suffix.js';
import type { Quorums } from './quorum.js';

/** The log a view shall begin with. */
export interface MergedLog {
  readonly opHead: number;
  readonly commitMax: number;
  /** Canonical headers from `opHead` down to the commit point. */
  readonly headers: readonly Uint8Array[];
  /** Headers below them that only voters of older views reported, committed there and chained. */
  readonly committedElsewhere: readonly Uint8Array[];
  /** Next offset of a partition whose log names none; 0 = it does. */
  readonly offsetFloor: number;
}

/** What the votes of a view decide. Everything but `ready` may change with a further vote. */
export type MergeOutcome =
  | { readonly kind: 'awaiting-quorum' }
  | { readonly kind: 'awaiting-repair'; readonly op: number }
  | { readonly kind: 'deadlocked'; readonly op: number; readonly reason: DeadlockReason }
  | { readonly kind: 'ready'; readonly log: MergedLog };

type DeadlockReason = 'committed_nacked' | 'undecidable' | 'chain_break' | 'committed_disagreement';

/**
 * Decides op by op what the new view's log is. Keeping an op that never committed costs a slot;
 * discarding one that did loses acknowledged data. Hence the only licence to discard is a quorum of
 * proofs that the op was never prepared, and what cannot be decided stays undecided.
 * @source Iggy consensus protocol, merge of DoViewChange votes
 */
export function mergeVotes(votes: readonly Vote[], quorums: Quorums): MergeOutcome {
  if (votes.length < quorums.viewChange) return { kind: 'awaiting-quorum' };
  const canonicalLogView = Math.max(...votes.map((vote) => vote.logView));
  const canonical = votes.filter((vote) => vote.logView === canonicalLogView);
  const commitMax = Math.max(...votes.map(committedAccordingTo));
  const opHeadMax = Math.max(commitMax, ...canonical.map((vote) => vote.op));
  const floorAt = (opHead: number) => offsetFloorOf(opHead > 0 ? canonical : votes, opHead);
  if (opHeadMax === 0) {
    return ready({ opHead: 0, commitMax: 0, headers: [], offsetFloor: floorAt(0) }, []);
  }
  const low = Math.max(commitMax, 1);
  const kept: Uint8Array[] = [];
  for (let op = low; op <= opHeadMax; op++) {
    const verdict = judge({ op, votes, canonical, canonicalLogView, quorums });
    if (verdict === 'discard') {
      if (op <= commitMax) return { kind: 'deadlocked', op, reason: 'committed_nacked' };
      break;
    }
    if (verdict === 'undecided') {
      return votes.length < quorums.replicaCount
        ? { kind: 'awaiting-repair', op }
        : { kind: 'deadlocked', op, reason: 'undecidable' };
    }
    const below = kept.at(-1);
    if (below !== undefined && prepareParent(verdict) !== prepareChecksum(below)) {
      return { kind: 'deadlocked', op, reason: 'chain_break' };
    }
    kept.push(verdict);
  }
  const elsewhere = committedElsewhere(votes, canonicalLogView, low, kept[0]);
  if (elsewhere === undefined) {
    return { kind: 'deadlocked', op: low, reason: 'committed_disagreement' };
  }
  const opHead = low + kept.length - 1;
  const offsetFloor = floorAt(opHead);
  return ready({ opHead, commitMax, headers: kept.reverse(), offsetFloor }, elsewhere);
}

/**
 * Where offsets go on in a log that names none. An empty log may be new because all replicas lost
 * the one before: of those that acknowledged an offset in it one has voted, hence the highest floor.
 * In a log with entries one replica that needs no floor any more has seen a committed entry name
 * the offsets, and the others are about to.
 */
function offsetFloorOf(votes: readonly Vote[], opHead: number): number {
  const floors = votes.map(({ offsetFloor }) => offsetFloor);
  return opHead === 0 ? Math.max(...floors) : Math.min(...floors);
}

interface OpContext {
  readonly op: number;
  readonly votes: readonly Vote[];
  readonly canonical: readonly Vote[];
  readonly canonicalLogView: number;
  readonly quorums: Quorums;
}

function judge(context: OpContext): Uint8Array | 'discard' | 'undecided' {
  const { op, votes, canonical, quorums } = context;
  const reported = new Map<bigint, Uint8Array>();
  for (const vote of canonical) {
    const header = entryAt(vote, op);
    if (header !== undefined && header !== 'abstains')
      reported.set(prepareChecksum(header), header);
  }
  let nacks = 0;
  for (const vote of votes) if (isNack(vote, context, reported)) nacks++;
  if (nacks >= quorums.nack) return 'discard';
  const [header] = reported.values();
  // Two different canonical headers contradict each other; neither may win by guess.
  if (header === undefined || reported.size > 1) return 'undecided';
  return votes.some((vote) => isCopy(vote, op, header)) ? header : 'undecided';
}

/**
 * Whether a vote proves that its sender never prepared the canonical entry. Only senders of older
 * views nack implicitly: otherwise one corrupted canonical header would turn every honest sender
 * into a nack against it.
 */
function isNack(
  vote: Vote,
  context: OpContext,
  canonicalHeaders: ReadonlyMap<bigint, Uint8Array>,
): boolean {
  const { op, canonical, canonicalLogView } = context;
  if (vote.op < op) return true;
  if (hasBit(vote.nack, vote.op - op)) return true;
  if (vote.logView >= canonicalLogView) return false;
  const header = entryAt(vote, op);
  if (header === undefined || header === 'abstains') return false;
  if (canonicalHeaders.size > 0) return !canonicalHeaders.has(prepareChecksum(header));
  // Sound only if every canonical sender really described this op of its view's log.
  return canonical.every((sender) => entryAt(sender, op) !== 'abstains');
}

function isCopy(vote: Vote, op: number, header: Uint8Array): boolean {
  const reported = entryAt(vote, op);
  if (reported === undefined || reported === 'abstains') return false;
  return (
    prepareChecksum(reported) === prepareChecksum(header) && hasBit(vote.present, vote.op - op)
  );
}

/** Valid header a vote reports at `op`; `undefined` = blank or beyond its head. */
function entryAt(vote: Vote, op: number): Uint8Array | 'abstains' | undefined {
  if (vote.op < op) return undefined;
  const position = vote.op - op;
  return position >= vote.suffix.length ? 'abstains' : vote.suffix[position];
}

/**
 * Commit point a vote proves. The bound by the pipeline uses the protocol's ceiling, not the local
 * depth, which would invent commits its sender never made. The lowest op of a suffix proves nothing.
 */
function committedAccordingTo(vote: Vote): number {
  const head = vote.suffix[0];
  return Math.max(
    vote.commit,
    vote.op - pipelineCeiling,
    head === undefined ? 0 : prepareCommit(head),
  );
}

/**
 * Committed headers below the canonical list, from voters of older views. Each must be named as
 * parent by the entry above it. `undefined` when two voters disagree.
 */
function committedElsewhere(
  votes: readonly Vote[],
  canonicalLogView: number,
  low: number,
  lowest: Uint8Array | undefined,
): readonly Uint8Array[] | undefined {
  const reported = new Map<number, Uint8Array>();
  for (const vote of votes) {
    if (vote.logView === canonicalLogView) continue;
    for (let op = Math.min(vote.commit, low - 1); op > vote.op - vote.suffix.length; op--) {
      const header = entryAt(vote, op);
      if (header === undefined || header === 'abstains') continue;
      const other = reported.get(op);
      if (other !== undefined && prepareChecksum(other) !== prepareChecksum(header)) {
        return undefined;
      }
      reported.set(op, header);
    }
  }
  const accepted: Uint8Array[] = [];
  let above = lowest;
  for (let op = low - 1; above !== undefined; op--) {
    const header = reported.get(op);
    if (header === undefined || prepareParent(above) !== prepareChecksum(header)) break;
    accepted.push(header);
    above = header;
  }
  return accepted;
}

function hasBit(bits: bigint, position: number): boolean {
  return ((bits >> BigInt(position)) & 1n) === 1n;
}

function ready(
  log: Omit<MergedLog, 'committedElsewhere'>,
  elsewhere: readonly Uint8Array[],
): MergeOutcome {
  return { kind: 'ready', log: { ...log, committedElsewhere: elsewhere } };
}
