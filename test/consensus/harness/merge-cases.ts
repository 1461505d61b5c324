import { prepareChecksum, prepareOp, prepareParent } from '../../../src/consensus/frame/prepare.js';
import type { Vote } from '../../../src/consensus/frame/suffix.js';
import { type Quorums, quorums } from '../../../src/consensus/index.js';
import { type MergedLog, mergeVotes } from '../../../src/consensus/merge.js';
import { makeChain } from './prepares.js';

/** Logs of two views that part at op 2. */
const older = makeChain(5).map((frame) => frame.slice(0, 256));
const newer = [
  ...older.slice(0, 1),
  ...makeChain(4, {
    op: 2,
    parent: prepareChecksum(older[0] ?? new Uint8Array(256)),
    client: 77n,
    view: 1,
  }).map((frame) => frame.slice(0, 256)),
];

/** What a voter has at one op: all of it, nothing, something unreadable, its header alone. */
type Held = 0 | 1 | 2 | 3;

/** Every vote of a replica with at most `ops` entries. */
export function allVotes(replica: number, ops: number): readonly Vote[] {
  const votes: Vote[] = [];
  for (const logView of [0, 1]) {
    for (let head = 0; head <= ops; head++) {
      for (let commit = 0; commit <= head; commit++) {
        for (let code = 0; code < 4 ** head; code++) {
          votes.push(voteOf({ replica, logView, head, commit, code }));
        }
      }
    }
  }
  return votes;
}

function voteOf(from: {
  readonly replica: number;
  readonly logView: number;
  readonly head: number;
  readonly commit: number;
  readonly code: number;
}): Vote {
  const { replica, logView, head, commit, code } = from;
  const log = logView === 0 ? older : newer;
  const suffix: (Uint8Array | undefined)[] = [];
  let present = 0n;
  let nack = 0n;
  for (let op = head; op >= Math.max(1, commit); op--) {
    const held = ((code >> (2 * (op - 1))) & 3) as Held;
    const bit = 1n << BigInt(head - op);
    suffix.push(held === 1 || held === 2 ? undefined : log[op - 1]);
    if (held === 0) present |= bit;
    if ((held === 1 || held === 3) && op > commit) nack |= bit;
  }
  return { replica, logView, op: head, commit, suffix, offsetFloor: 0, present, nack };
}

/**
 * Merges some votes of three replicas and says what is wrong with the outcome, if anything is:
 * a second look at the rules that shares nothing with the merge.
 */
export function faultOfMerge(votes: readonly Vote[]): string | undefined {
  const limits = quorums(3);
  const outcome = mergeVotes(votes, limits);
  const swapped = mergeVotes([...votes].reverse(), limits);
  if (outcome.kind !== swapped.kind) return 'the order of votes matters';
  if (outcome.kind === 'awaiting-quorum') {
    return votes.length < limits.viewChange ? undefined : 'waits although there are enough votes';
  }
  return outcome.kind === 'ready' ? faultOfLog(votes, outcome.log, limits) : undefined;
}

function faultOfLog(votes: readonly Vote[], log: MergedLog, limits: Quorums): string | undefined {
  const { opHead, commitMax, headers } = log;
  if (opHead < commitMax) return 'the log ends below the commit point';
  if (votes.some(({ commit }) => commit > commitMax)) return 'a commit point was forgotten';
  const newest = Math.max(...votes.map(({ logView }) => logView));
  const best = votes.filter(({ logView }) => logView === newest);
  for (const [i, header] of headers.entries()) {
    const op = opHead - i;
    const below = headers[i + 1];
    if (prepareOp(header) !== op) return `header ${i} is not op ${op}`;
    if (below !== undefined && prepareParent(header) !== prepareChecksum(below)) {
      return `op ${op} does not hang from the one below`;
    }
    const isHeld = votes.some((vote) => vote.op >= op && bit(vote.present, vote.op - op));
    if (!isHeld) return `nobody can serve op ${op}`;
  }
  const top = Math.max(...best.map(({ op }) => op));
  if (opHead >= top) return undefined;
  const nacks = votes.filter((vote) => isNack(vote, opHead + 1, best, newest)).length;
  return nacks >= limits.nack ? undefined : `op ${opHead + 1} was given up for ${nacks} nacks`;
}

function isNack(vote: Vote, op: number, best: readonly Vote[], newest: number): boolean {
  if (vote.op < op || bit(vote.nack, vote.op - op)) return true;
  const mine = vote.suffix[vote.op - op];
  if (vote.logView === newest || mine === undefined) return false;
  const theirs = best.flatMap((other) => other.suffix[other.op - op] ?? []);
  return theirs.every((header) => prepareChecksum(header) !== prepareChecksum(mine));
}

function bit(bits: bigint, position: number): boolean {
  return ((bits >> BigInt(position)) & 1n) === 1n;
}
