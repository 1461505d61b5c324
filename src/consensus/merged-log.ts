import { prepareChecksum, prepareOp } from './frame/prepare.js';
import type { LogEntry } from './log.js';
import type { MergedLog } from './merge.js';
import type { ReplicaState } from './state.js';

/** How much of a merged log an elect has. */
export interface Coverage {
  /** First and last op that has to be fetched; absent = all are here. */
  readonly missing?: { readonly from: number; readonly to: number };
  /** The merged log does not continue what was applied here. */
  readonly isDiverged: boolean;
}

/**
 * Looks for the merged log among held and staged entries, from its head downwards: headers say what
 * belongs at the top, and each entry names the one below. Below a missing one nothing is known yet,
 * and whatever is held there counts as present until the chain reaches it.
 *
 * The own log is not touched: until the view starts, this replica votes for the log of its
 * `logView`, and an entry of another view in it would make that vote contradict itself.
 */
export function coverageOf(r: ReplicaState, merged: MergedLog): Coverage {
  const named = namedBy(merged);
  let expected: bigint | undefined;
  let from = 0;
  let to = 0;
  for (let op = merged.opHead; op > r.commitMin; op--) {
    expected = named.get(op) ?? expected;
    const entry = entryOf(r, op, expected);
    if (entry === undefined) {
      from = op;
      if (to === 0) to = op;
    }
    expected = expected === undefined ? undefined : entry?.parent;
  }
  const isDiverged = expected !== undefined && !r.isAnchorOpen && expected !== r.anchor.checksum;
  return from === 0
    ? { isDiverged: isDiverged && merged.opHead > r.commitMin }
    : { missing: { from, to }, isDiverged: false };
}

/** The entries of a covered merged log above the applied ones, in op order. */
export function entriesOf(r: ReplicaState, merged: MergedLog): readonly LogEntry[] {
  const named = namedBy(merged);
  const entries: LogEntry[] = [];
  let expected: bigint | undefined;
  for (let op = merged.opHead; op > r.commitMin; op--) {
    expected = named.get(op) ?? expected;
    const entry = entryOf(r, op, expected);
    if (entry === undefined) break;
    entries.push(entry);
    expected = entry.parent;
  }
  return entries.reverse();
}

/** Identity the merged log is known to have at `op`, as far as the entries above are here. */
export function expectedAt(r: ReplicaState, merged: MergedLog, op: number): bigint | undefined {
  const named = namedBy(merged);
  let expected: bigint | undefined;
  for (let at = merged.opHead; at >= op; at--) {
    expected = named.get(at) ?? expected;
    if (at > op) {
      const entry = entryOf(r, at, expected);
      expected = expected === undefined ? undefined : entry?.parent;
    }
  }
  return expected;
}

/** A held or staged entry at `op`, the right one if that is known. */
export function entryOf(
  r: ReplicaState,
  op: number,
  expected: bigint | undefined,
): LogEntry | undefined {
  const held = r.log.get(op);
  if (held !== undefined && (expected === undefined || held.checksum === expected)) return held;
  const staged = r.staged.get(op);
  return expected === undefined || staged?.checksum === expected ? staged : undefined;
}

function namedBy(merged: MergedLog): ReadonlyMap<number, bigint> {
  const headers = [...merged.headers, ...merged.committedElsewhere];
  return new Map(headers.map((header) => [prepareOp(header), prepareChecksum(header)]));
}
