import type { Codec } from './codec.js';

/** One byte read as a truth value; 0 or 1 is written. */
function flag(type: string, isTrue: (byte: number) => boolean): Codec<boolean> {
  return {
    type,
    size: 1,
    minSize: 1,
    composite: false,
    shape: { kind: 'bool' },
    read: (reader) => isTrue(reader.u8()),
    write: (writer, value) => writer.u8(value ? 1 : 0),
  };
}

/** A boolean of which any nonzero byte means true. */
export const bool8: Codec<boolean> = flag('bool8', (byte) => byte !== 0);

/** A presence flag: only 1 means present, every other byte means absent. */
export const flag8: Codec<boolean> = flag('flag8', (byte) => byte === 1);
