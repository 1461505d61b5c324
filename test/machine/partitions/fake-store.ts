import type { PartitionEffect, PartitionStore } from '../../../src/machine/index.js';

interface FakeFile {
  bytes: Uint8Array;
  /** Bytes a crash keeps. */
  durable: number;
}

/** The files of one partition in memory, with a disk's idea of what a crash leaves. */
export class FakeStore implements PartitionStore {
  #files = new Map<string, FakeFile>();
  readCount = 0;
  readBytes = 0;
  largestRead = 0;
  failAppends = false;

  list(directory: string): readonly string[] {
    const prefix = directory === '' ? '' : `${directory}/`;
    return [...this.#files.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length))
      .filter((name) => !name.includes('/'))
      .sort();
  }

  size(file: string): number | undefined {
    return this.#files.get(file)?.bytes.length;
  }

  read(file: string, offset: number, length: number): Uint8Array {
    this.readCount += 1;
    const found = this.#files.get(file);
    if (found === undefined) throw new Error(`there is no file ${file}`);
    const bytes = found.bytes.slice(offset, offset + length);
    this.readBytes += bytes.length;
    this.largestRead = Math.max(this.largestRead, bytes.length);
    return bytes;
  }

  append(file: string, chunks: readonly Uint8Array[]): void {
    if (this.failAppends) throw new Error('disk is full');
    const before = this.#files.get(file) ?? { bytes: new Uint8Array(), durable: 0 };
    const size = chunks.reduce((sum, chunk) => sum + chunk.length, before.bytes.length);
    const bytes = grown(before.bytes, size);
    let at = before.bytes.length;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    this.#files.set(file, { bytes, durable: before.durable });
  }

  /** Carries out an effect at once. */
  perform(effect: PartitionEffect): void {
    switch (effect.kind) {
      case 'sync': {
        const file = this.#files.get(effect.file);
        if (file !== undefined) file.durable = file.bytes.length;
        break;
      }
      case 'replace':
        this.write(effect.file, effect.bytes.slice());
        break;
      case 'truncate': {
        const bytes = this.bytes(effect.file).slice(0, effect.length);
        this.write(effect.file, bytes);
        break;
      }
      case 'move':
        this.write(effect.to, this.bytes(effect.from));
        this.#files.delete(effect.from);
        break;
      case 'remove':
        this.#files.delete(effect.file);
        break;
      default:
        break;
    }
  }

  bytes(file: string): Uint8Array {
    return this.#files.get(file)?.bytes ?? new Uint8Array();
  }

  write(file: string, bytes: Uint8Array): void {
    this.#files.set(file, { bytes, durable: bytes.length });
  }

  remove(file: string): void {
    this.#files.delete(file);
  }

  names(): readonly string[] {
    return [...this.#files.keys()].sort();
  }

  /** A power cut: of what was not synced a part of each file survives. */
  crash(keep: (unsynced: number) => number = () => 0): void {
    for (const [name, file] of [...this.#files]) {
      const kept = file.durable + keep(file.bytes.length - file.durable);
      if (kept === 0 && file.durable === 0 && file.bytes.length > 0) this.#files.delete(name);
      else this.write(name, file.bytes.slice(0, kept));
    }
  }

  clone(): FakeStore {
    const copy = new FakeStore();
    for (const [name, { bytes, durable }] of this.#files) {
      copy.#files.set(name, { bytes: bytes.slice(), durable });
    }
    return copy;
  }
}

/** The same bytes with room for `size`; the room behind them is shared by nobody else. */
function grown(bytes: Uint8Array, size: number): Uint8Array {
  const { buffer, byteOffset } = bytes;
  if (byteOffset === 0 && size <= buffer.byteLength) return new Uint8Array(buffer, 0, size);
  const larger = new Uint8Array(Math.max(size, 2 * bytes.length)).subarray(0, size);
  larger.set(bytes);
  return larger;
}
