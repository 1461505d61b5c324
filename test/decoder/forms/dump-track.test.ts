import { describe, expect, it } from 'vitest';
import { splitDumpLine } from '../../../src/decoder/forms/dump-line.js';
import { DumpTrack } from '../../../src/decoder/forms/dump-track.js';

const longest = 2 ** 26;

/** Reads rows of 256 bytes, each followed by a `*` up to the next; returns the bytes they stand for. */
function read(offsets: readonly number[]): number {
  let length = 0;
  const track = new DumpTrack(
    { form: 'hexdump -C', gutterGap: 2, radices: [16] },
    {
      bytes: (bytes) => {
        length += bytes.length;
      },
      endDump: () => undefined,
      warn: () => undefined,
    },
  );
  offsets.forEach((offset, index) => {
    const text = `${offset.toString(16).padStart(12, '0')}  ${'ab '.repeat(256)}`;
    const line = splitDumpLine(text, index + 1);
    if (line !== undefined) track.line(line);
    track.star();
  });
  return length;
}

describe('a * line of a dump', () => {
  it('stands for as much as a frame can have', () => {
    expect(read([0, longest])).toBe(longest);
  });

  it('is refused above that before anything is handed out', () => {
    expect(() => read([0, longest + 16])).toThrow(/line 1, .* 67108880 bytes, more than a frame/);
  });

  it('is refused once all of them stand for more than 1 GiB', () => {
    const offsets = (count: number) => Array.from({ length: count }, (_, i) => i * longest);
    expect(read(offsets(17))).toBe(2 ** 30);
    expect(() => read(offsets(18))).toThrow(/line 17, .* more than 1 GiB/);
  });
});
