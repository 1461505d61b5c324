import { setU64, setU64Number, tryGetU64Number } from '../../base/index.js';
import { matchesXxh3, xxh3 } from '../checksum/index.js';

/** Length of a note. */
export const extentNoteBytes = 16;

/** The mark of a partition that a note goes on from. */
export interface NotedMark {
  readonly createdRevision: number;
  readonly sequence: number;
}

/**
 * The end of a log, noted without writing its mark anew. It holds for the one mark it was written
 * behind: the checksum is over that mark's incarnation and sequence as well.
 */
export function encodeExtentNote(mark: NotedMark, end: number): Uint8Array {
  const hashed = hashedOf(mark, end);
  const note = new Uint8Array(extentNoteBytes);
  setU64Number(note, 0, end);
  setU64(note, 8, xxh3(hashed));
  return note;
}

/** Highest end among the notes that hold for a mark; -1 without any. Others, and torn ones, are passed over. */
export function lastNotedEnd(bytes: Uint8Array, mark: NotedMark): number {
  let last = -1;
  for (let at = 0; at + extentNoteBytes <= bytes.length; at += extentNoteBytes) {
    const end = tryGetU64Number(bytes, at);
    if (end <= last) continue;
    const hashed = hashedOf(mark, end);
    if (matchesXxh3(bytes, at + 8, hashed, 0, hashed.length)) last = end;
  }
  return last;
}

function hashedOf({ createdRevision, sequence }: NotedMark, end: number): Uint8Array {
  const bytes = new Uint8Array(24);
  setU64Number(bytes, 0, createdRevision);
  setU64Number(bytes, 8, sequence);
  setU64Number(bytes, 16, end);
  return bytes;
}
