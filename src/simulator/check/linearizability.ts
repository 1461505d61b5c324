import type { CanonicalLog } from './canonical-log.js';
import type { Report } from './verdict.js';

/** One call of a client, from its start to its answer. */
export interface CallRecord {
  readonly client: number;
  readonly kind: string;
  readonly calledAt: number;
  /** Tick of the answer, or -1. */
  readonly returnedAt: number;
  /** Op of an answered mutation, 0 for a read or a refusal. */
  readonly op: number;
  /** What a read of the streams answered. */
  readonly streams?: string;
  /** Highest op that was committed anywhere when the answer came. */
  readonly headAtReturn: number;
}

/**
 * Real-time order with the canonical log as the witness: what returned before another call began
 * must come earlier in the log. Calls without an answer may be anywhere.
 */
export function checkRealTime(calls: readonly CallRecord[], report: Report): void {
  const answered = calls.filter(({ op, returnedAt }) => op > 0 && returnedAt >= 0);
  answered.sort((a, b) => a.op - b.op);
  let latestCall = -1;
  let latestOp = 0;
  for (const call of answered) {
    if (call.returnedAt < latestCall) {
      const detail = `op ${call.op} returned at ${call.returnedAt}, before op ${latestOp} was called`;
      report({ class: 'L', invariant: 'L1', detail });
      return;
    }
    if (call.calledAt > latestCall) {
      latestCall = call.calledAt;
      latestOp = call.op;
    }
  }
}

/**
 * Reads of the stream list: what was answered must be the list after some op. A linearizable read
 * must show one between its call and its return; a default read any up to its return.
 */
export function checkReads(
  calls: readonly CallRecord[],
  canonical: CanonicalLog,
  report: Report,
): void {
  const writes = calls
    .filter(({ op, returnedAt }) => op > 0 && returnedAt >= 0)
    .sort((a, b) => a.returnedAt - b.returnedAt);
  for (const read of calls) {
    if (read.streams === undefined) continue;
    let from = 0;
    if (read.kind === 'linearizable-read') {
      for (const { op, returnedAt } of writes) {
        if (returnedAt >= read.calledAt) break;
        from = Math.max(from, op);
      }
    }
    if (isListBetween(canonical, read.streams, from, read.headAtReturn)) continue;
    const detail = `${read.kind} of client ${read.client} at ${read.calledAt}: [${read.streams}] is no list between op ${from} and ${read.headAtReturn}`;
    report({ class: 'L', invariant: read.kind === 'read' ? 'L3' : 'L2', detail });
    return;
  }
}

function isListBetween(log: CanonicalLog, list: string, from: number, to: number): boolean {
  const { streamLists } = log;
  for (let i = streamLists.length - 1; i >= 0; i--) {
    const version = streamLists[i];
    if (version === undefined || version.op > to) continue;
    if (version.list === list) return true;
    // The first version at or below `from` is the oldest that may be seen.
    if (version.op <= from) return false;
  }
  return false;
}
