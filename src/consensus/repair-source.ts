import type { Vote } from './frame/suffix.js';
import { replicaBit } from './quorum.js';
import type { ReplicaState } from './state.js';

/**
 * Whom to ask for `op`: the current primary, or, for an elect, a voter that can serve it. An elect
 * tries its sources in turn, beginning with those of the newest log.
 */
export function pickSource(r: ReplicaState, op: number, stalls: number): number | undefined {
  if (r.merged === undefined) return r.primary === r.self ? undefined : r.primary;
  const sources = sourcesOf(r, op);
  return sources.length === 0 ? undefined : sources[stalls % sources.length];
}

/** Voters that can serve an op, newest log first, those that no longer retain it left out. */
export function sourcesOf(r: ReplicaState, op: number): readonly number[] {
  return r.votes
    .filter((vote) => vote !== undefined)
    .filter((vote) => vote.replica !== r.self && canServe(vote, op))
    .filter((vote) => (r.exhaustedSources & replicaBit(vote.replica)) === 0)
    .sort((a, b) => b.logView - a.logView || a.replica - b.replica)
    .map((vote) => vote.replica);
}

/** Above its commit point a vote says per op what it can serve; below, its whole log may. */
function canServe(vote: Vote, op: number): boolean {
  if (op > vote.op) return false;
  if (op < vote.commit) return true;
  return ((vote.present >> BigInt(vote.op - op)) & 1n) === 1n;
}
