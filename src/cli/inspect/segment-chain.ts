import { dirname } from 'node:path';
import type { DataFile } from './data-files.js';
import { OpenedFile } from './opened-file.js';
import { startOffsetOf, walkSegment } from './walk-segment.js';

/** A segment that does not go on where the one before it ended. */
export interface ChainBreak {
  readonly file: DataFile;
  readonly detail: string;
}

/**
 * The segments that do not begin where the one before them ends; a partition with such a break is
 * quarantined at its next start. Damaged segments say so themselves and are not judged here.
 */
export function chainBreaks(files: readonly DataFile[]): readonly ChainBreak[] {
  const segments = files.filter(({ kind }) => kind === 'segment');
  const breaks: ChainBreak[] = [];
  segments.forEach((file, at) => {
    const before = segments[at - 1];
    if (before === undefined || dirname(before.path) !== dirname(file.path)) return;
    const end = endOf(before);
    const start = startOffsetOf(file.path);
    if (end === undefined || start === undefined || end === start) return;
    const detail = `it begins at offset ${start}, but the segment before it ends at ${end}`;
    breaks.push({ file, detail });
  });
  return breaks;
}

/** The offset behind the last message; nothing for a damaged segment. */
function endOf({ path }: DataFile): number | undefined {
  return OpenedFile.with(path, (file) => {
    let next = startOffsetOf(path);
    for (const item of walkSegment(file, next)) {
      if (item.kind === 'damage' || item.kind === 'cut') return undefined;
      if (item.kind !== 'batch') continue;
      if (item.problem !== undefined) return undefined;
      next = item.header.baseOffset + item.header.messageCount;
    }
    return next;
  });
}
