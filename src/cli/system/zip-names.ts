import { getU16, getU32 } from '../../base/index.js';

const endMark = 0x0605_4b50;
const entryMark = 0x0201_4b50;
const endBytes = 22;
const entryBytes = 46;

/** Names of the files in a ZIP archive, from its directory; nothing for what is no archive. */
export function zipNames(bytes: Uint8Array): readonly string[] {
  let end = bytes.length - endBytes;
  while (end >= 0 && getU32(bytes, end) !== endMark) end -= 1;
  if (end < 0) return [];
  const count = getU16(bytes, end + 10);
  const names: string[] = [];
  let at = getU32(bytes, end + 16);
  for (let entry = 0; entry < count; entry++) {
    if (at + entryBytes > bytes.length || getU32(bytes, at) !== entryMark) break;
    const length = getU16(bytes, at + 28);
    const start = at + entryBytes;
    names.push(new TextDecoder().decode(bytes.subarray(start, start + length)));
    at = start + length + getU16(bytes, at + 30) + getU16(bytes, at + 32);
  }
  return names;
}
