import { checkWriteSize, type SizeLimits, sizeProblem } from './blobs.js';
import type { Codec } from './codec.js';
import { type UintCodec, u8 } from './numbers.js';
import { textSize } from './writer.js';

/** UTF-8 behind its length in bytes. Limits are in bytes too. */
export function text(length: UintCodec, limits: SizeLimits = {}): Codec<string> {
  const { min = 0, max = length.max } = limits;
  return {
    type: `string(${length.type})`,
    size: undefined,
    minSize: length.size + min,
    composite: false,
    shape: { kind: 'text', min, max },
    read(reader) {
      const size = length.read(reader);
      const value = reader.text(size);
      if (size < min || size > max) reader.problem(sizeProblem(size, min, max));
      return value;
    },
    write(writer, value) {
      const size = textSize(value);
      checkWriteSize(size, min, max, length.max);
      length.write(writer, size);
      writer.text(value);
    },
  };
}

/** A name: u8 length, then 1..255 bytes of UTF-8. */
export const name: Codec<string> = { ...text(u8, { min: 1 }), type: 'name' };

/** Text whose empty form means that it is absent (`null`). */
export function optionalText(length: UintCodec, limits: SizeLimits = {}): Codec<string | null> {
  const { min = 1, max = length.max } = limits;
  const inner = text(length, { min: 0, max });
  return {
    type: `string(${length.type})?`,
    size: undefined,
    minSize: length.size,
    composite: false,
    shape: { kind: 'optionalText', min, max },
    read(reader) {
      const start = reader.offset;
      const value = inner.read(reader);
      const size = reader.offset - start - length.size;
      if (size === 0) return null;
      if (size < min) reader.problem(sizeProblem(size, min, max));
      return value;
    },
    write(writer, value) {
      if (value === null) return length.write(writer, 0);
      checkWriteSize(textSize(value), min, max, length.max);
      inner.write(writer, value);
    },
    display: (value) => (value === null ? 'absent' : undefined),
  };
}
