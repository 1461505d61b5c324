import {
  encode,
  inputRecord,
  type RecordedEntry,
  RecordingWriter,
  readRecording,
} from '../../src/wire/index.js';

/** A recording of the same records with some of them changed, or left out. */
export function rewritten(
  file: Uint8Array,
  change: (entry: RecordedEntry, index: number) => RecordedEntry | undefined,
  limitBytes = 64 * 1024 * 1024,
): Uint8Array {
  const pieces: { readonly at: number; readonly bytes: Uint8Array }[] = [];
  const put = (at: number, bytes: Uint8Array) => void pieces.push({ at, bytes: bytes.slice() });
  const { program, entries } = readRecording(file);
  const writer = new RecordingWriter({ limitBytes, program, put });
  let index = 0;
  for (const entry of entries()) {
    const made = change(entry, index++);
    if (made !== undefined) writer.add(encode(inputRecord(), made));
  }
  writer.flush();
  const out = new Uint8Array(Math.max(...pieces.map(({ at, bytes }) => at + bytes.length)));
  for (const { at, bytes } of pieces) out.set(bytes, at);
  return out;
}
