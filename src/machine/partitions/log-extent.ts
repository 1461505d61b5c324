import type { LogExtent } from '../../wire/index.js';
import type { Segment } from './segment.js';

// A segment that is missing looks like one that expired, and a file that lost whole batches like a
// shorter one. So the mark of a partition says which offsets have to be there: retention and purges
// are noted before a file goes, batches once they are synced and before the journal lets go of them.

/** What segments hold that nobody noted yet; nothing of it is known to be synced. */
export function extentOf(segments: readonly Segment[], nextOffset: number): LogExtent {
  const start = segments[0]?.startOffset ?? nextOffset;
  const jumps = segments.slice(1).flatMap((segment, i) => {
    const from = segments[i]?.nextOffset ?? segment.startOffset;
    return from < segment.startOffset ? [{ from, to: segment.startOffset }] : [];
  });
  return { start, end: start, jumps };
}

/** Everything below an offset is gone, or about to go. */
export function beginAt({ start, end, jumps }: LogExtent, offset: number): LogExtent {
  if (offset <= start) return { start, end, jumps };
  const later = jumps.filter(({ to }) => to > offset);
  return { start: offset, end: Math.max(end, offset), jumps: later };
}

/** From an offset on the segments hold nothing any more. */
export function endAt({ start, end, jumps }: LogExtent, offset: number): LogExtent {
  const earlier = jumps.filter(({ to }) => to <= offset);
  return { start: Math.min(start, offset), end: Math.min(end, offset), jumps: earlier };
}

/** An extent that holds nothing, for a log whose next offset is this one. */
export function emptyExtent(nextOffset: number): LogExtent {
  return { start: nextOffset, end: nextOffset, jumps: [] };
}
