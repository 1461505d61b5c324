import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  encode,
  inputRecord,
  isRecording,
  type RecordedEntry,
  RecordingError,
  RecordingWriter,
  readRecording,
  xxh3,
} from '../../../src/wire/index.js';

const blockBytes = 64 * 1024;
const pageBytes = 4096;

/** A file in memory. */
class File {
  bytes = new Uint8Array(0);

  put(at: number, bytes: Uint8Array): void {
    const end = at + bytes.length;
    if (end > this.bytes.length) {
      const grown = new Uint8Array(end);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.bytes.set(bytes, at);
  }
}

function frameOf(chapter: number, size: number): RecordedEntry {
  const frame = Uint8Array.from({ length: size }, (_, i) => (i * 7 + chapter) & 0xff);
  return { chapter, input: { kind: 'frame', value: { now: 5, from: 1, frame } } };
}

function written(entries: readonly RecordedEntry[], limitBytes = 16 * 1024 * 1024): Uint8Array {
  const file = new File();
  const put = (at: number, bytes: Uint8Array) => file.put(at, bytes);
  const writer = new RecordingWriter({ limitBytes, program: 'test/1', put });
  for (const entry of entries) writer.add(encode(inputRecord(), entry));
  writer.flush();
  return file.bytes;
}

/** Entries as short texts: bytes by bytes they are compared too slowly. */
function keys(found: Iterable<RecordedEntry>): readonly string[] {
  return Array.from(found, (entry) => `${entry.chapter} ${xxh3(encode(inputRecord(), entry))}`);
}

function read(file: Uint8Array): readonly string[] {
  return keys(readRecording(file).entries());
}

function flip(file: Uint8Array, at: number, bits = 1): void {
  file[at] = (file[at] ?? 0) ^ bits;
}

/** Enough for several blocks, with one record that spans some. */
const sizes = [10, 60_000, 10_000, 0, 200_000, 3, 65_000, 1];
const entries = sizes.map((size, i) => frameOf(i + 1, size));

describe('a recording', () => {
  it('gives back what was written, across blocks', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 150_000 }), { maxLength: 12 }), (chosen) => {
        const given = chosen.map((size, i) => frameOf(i, size));
        const file = written(given);
        expect(read(file)).toEqual(keys(given));
        expect(readRecording(file)).toMatchObject({
          ...{ program: 'test/1', isOverwritten: false, isTorn: false },
        });
      }),
      { numRuns: 20, seed: 7 },
    );
  });

  it('may be flushed after every record', () => {
    const file = new File();
    const put = (at: number, bytes: Uint8Array) => file.put(at, bytes);
    const writer = new RecordingWriter({ limitBytes: 16 * 1024 * 1024, program: 'test/1', put });
    for (const [i, entry] of entries.entries()) {
      writer.add(encode(inputRecord(), entry));
      writer.flush();
      expect(read(file.bytes)).toEqual(keys(entries.slice(0, i + 1)));
    }
  });

  it('keeps the newest records when it is full', () => {
    const given = Array.from({ length: 100 }, (_, i) => frameOf(i, 10_000));
    const file = written(given, pageBytes + 5 * blockBytes);
    const found = read(file);
    expect(file.length).toBeLessThanOrEqual(pageBytes + 5 * blockBytes);
    expect(readRecording(file).isOverwritten).toBe(true);
    expect(found.length).toBeGreaterThan(20);
    expect(found).toEqual(keys(given.slice(-found.length)));
  });

  it('is replayable up to where it was cut off, wherever that is', () => {
    const file = written(entries);
    const cuts = Array.from({ length: 200 }, (_, i) => Math.floor((i * file.length) / 200));
    for (const cut of cuts.filter((each) => each >= pageBytes)) {
      const found = read(file.slice(0, cut));
      expect(found).toEqual(keys(entries.slice(0, found.length)));
      expect(readRecording(file.slice(0, cut)).isTorn || found.length === 0).toBe(true);
    }
  });

  it('loses no more than the block that was being overwritten', () => {
    const given = Array.from({ length: 100 }, (_, i) => frameOf(i, 10_000));
    const file = written(given, pageBytes + 5 * blockBytes);
    const all = read(file);
    const newest = newestPlace(file);
    flip(file, pageBytes + newest * blockBytes + 200);
    const found = read(file);
    expect(readRecording(file).isTorn).toBe(true);
    expect(found.length).toBeGreaterThan(all.length - 15);
    expect(all).toEqual(expect.arrayContaining([...found]));
  });

  it('is refused when a block in the middle is damaged', () => {
    const file = written(entries);
    flip(file, pageBytes + blockBytes + 999, 0x10);
    expect(() => readRecording(file)).toThrow(
      expect.objectContaining({ code: 'RECORDING_DAMAGED', details: { block: 1 } }),
    );
  });

  it('is refused when its first page is damaged, or of another form', () => {
    const damaged = written(entries);
    flip(damaged, 30);
    expect(() => readRecording(damaged)).toThrow(/first page of the recording is damaged/);
    const newer = written(entries);
    newer[8] = 3;
    expect(() => readRecording(newer)).toThrow(
      expect.objectContaining({ code: 'RECORDING_NEWER', details: { version: 3 } }),
    );
    const older = written(entries);
    older[8] = 1;
    expect(() => readRecording(older)).toThrow(
      expect.objectContaining({ code: 'RECORDING_OLDER', details: { version: 1 } }),
    );
  });

  it('is told from other files by how it begins', () => {
    expect(isRecording(written([]))).toBe(true);
    expect(isRecording(new TextEncoder().encode('{"kind":"trace"}'))).toBe(false);
    expect(() => readRecording(new Uint8Array(5000))).toThrow(
      expect.objectContaining({ code: 'RECORDING_FOREIGN' }),
    );
  });

  it('fails with its own errors only, whatever is changed in it', () => {
    const file = written(entries.slice(0, 3));
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
        const changed = file.slice();
        flip(changed, at, bits);
        try {
          read(changed);
        } catch (error) {
          expect(error).toBeInstanceOf(RecordingError);
        }
      }),
      { numRuns: 300, seed: 11 },
    );
  });
});

/** Place of the block with the highest sequence number. */
function newestPlace(file: Uint8Array): number {
  const view = new DataView(file.buffer, file.byteOffset);
  const places = Math.ceil((file.length - pageBytes) / blockBytes);
  const sequences = Array.from({ length: places }, (_, i) =>
    Number(view.getBigUint64(pageBytes + i * blockBytes + 16, true)),
  );
  return sequences.indexOf(Math.max(...sequences));
}
