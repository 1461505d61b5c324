import { getU32 } from '../../base/index.js';
import { frameSpecs, frameView } from '../../wire/index.js';

/** Offset of `group` by command, where the command has one. */
const offsets: ReadonlyMap<number, number> = new Map(
  Object.values(frameSpecs).flatMap(({ codec, commands }) => {
    const offset = codec.offsetOf['group'];
    return offset === undefined ? [] : commands.map((command) => [command, offset] as const);
  }),
);

/** True for a frame between replicas of the metadata group, false for all others. */
export function isMetadataFrame(frame: Uint8Array): boolean {
  const offset = offsets.get(frameView.command(frame));
  return offset !== undefined && getU32(frame, offset + 4) === 0x8000_0000;
}

/** The partition group of a frame between replicas, or -1. */
export function partitionGroupOf(frame: Uint8Array): number {
  const offset = offsets.get(frameView.command(frame));
  if (offset === undefined) return -1;
  const high = getU32(frame, offset + 4);
  return high >= 0x20_0000 ? -1 : high * 0x1_0000_0000 + getU32(frame, offset);
}
