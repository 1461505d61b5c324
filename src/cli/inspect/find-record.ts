import type { OpenedFile } from './opened-file.js';

const windowBytes = 1 << 20;

/**
 * The first position from `from` on at which a record begins, or -1. Positions are tried in windows,
 * so that nothing big is held; `isLikely` sees the window, `isRecord` looks at the file.
 */
export function findRecord(
  file: OpenedFile,
  from: number,
  options: {
    /** Bytes that `isLikely` needs behind the position. */
    readonly head: number;
    readonly isLikely: (window: Uint8Array, at: number) => boolean;
    readonly isRecord: (offset: number) => boolean;
  },
): number {
  const { head, isLikely, isRecord } = options;
  for (let start = from; start + head <= file.size; start += windowBytes) {
    const window = file.read(start, windowBytes + head - 1);
    for (let at = 0; at + head <= window.length && at < windowBytes; at++) {
      if (isLikely(window, at) && isRecord(start + at)) return start + at;
    }
  }
  return -1;
}
