/** Names of a partition's files, relative to its directory. @source Iggy server, on-disk layout */

/** Directories of stored offsets, by kind of consumer. */
export const offsetDirectories = {
  consumer: 'offsets/consumers',
  group: 'offsets/groups',
} as const;

/** The last purge that was carried out. */
export const purgeFile = 'purge.gen';

/** How far the log has come since its mark was written: notes one behind the other. */
export const notesFile = 'extent.notes';

/**
 * Exists while received files replace the old ones. A partition that is opened with it holds an
 * unfinished mixture and starts empty.
 */
export const installMarker = 'installing';

/** Received files that are not in their place yet end with this; a start removes them. */
export const stagingSuffix = '.staging';

const digits = 20;
const logName = /^(\d{20})\.log$/;
const indexName = /^(\d{20})\.index$/;

/** The segment file whose first message has this offset. */
export function logFile(startOffset: number): string {
  return `${String(startOffset).padStart(digits, '0')}.log`;
}

export function indexFileOf(startOffset: number): string {
  return `${String(startOffset).padStart(digits, '0')}.index`;
}

export function offsetFileOf(kind: keyof typeof offsetDirectories, key: number): string {
  return `${offsetDirectories[kind]}/${key}`;
}

/** The start offset in the name of a segment file, or nothing for other names. */
export function startOffsetOf(name: string): number | undefined {
  return offsetIn(logName.exec(name));
}

export function indexStartOffsetOf(name: string): number | undefined {
  return offsetIn(indexName.exec(name));
}

/** The key in the name of an offset file: decimal digits that fit a u32. */
export function offsetKeyOf(name: string): number | undefined {
  if (!/^\d{1,10}$/.test(name)) return undefined;
  const key = Number(name);
  return key <= 0xffff_ffff ? key : undefined;
}

function offsetIn(found: RegExpExecArray | null): number | undefined {
  if (found === null) return undefined;
  const offset = Number(found[1]);
  return Number.isSafeInteger(offset) ? offset : undefined;
}
