// Apart from what describes bytes, so that what only shows a version loads nothing of it.

/** The packed protocol version 0.11.0. @source Iggy binary protocol, version gate */
export const protocolVersion = packVersion(0, 11, 0);

/** `major << 20 | minor << 10 | patch`, each part 0..1023. */
export function packVersion(major: number, minor: number, patch: number): number {
  return (major << 20) | (minor << 10) | patch;
}

/** The dotted form of a packed version, such as `0.11.0`. */
export function formatVersion(packed: number): string {
  return `${packed >>> 20}.${(packed >>> 10) & 0x3ff}.${packed & 0x3ff}`;
}
