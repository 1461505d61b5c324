import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { ioError } from '../config/private-file.js';

const chunkBytes = 1 << 20;

/** A file that is looked at and never changed. Reads are by position, so big files stay on disk. */
export class OpenedFile {
  readonly path: string;
  readonly #fd: number;
  #size: number;

  private constructor(path: string, fd: number, size: number) {
    this.path = path;
    this.#fd = fd;
    this.#size = size;
  }

  /** @throws CliError E_IO */
  static open(path: string): OpenedFile {
    let fd: number | undefined;
    try {
      fd = openSync(path, 'r');
      const status = fstatSync(fd);
      if (status.isDirectory()) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
      return new OpenedFile(path, fd, status.size);
    } catch (error) {
      if (fd !== undefined) closeSync(fd);
      throw ioError('read', path, error);
    }
  }

  /** Opens a file for as long as `look` takes. */
  static with<T>(path: string, look: (file: OpenedFile) => T): T {
    const file = OpenedFile.open(path);
    try {
      return look(file);
    } finally {
      file.close();
    }
  }

  /** Bytes the file had when it was opened, or at the last {@link refresh}. */
  get size(): number {
    return this.#size;
  }

  /** Looks at how long the file has become. */
  refresh(): number {
    this.#size = fstatSync(this.#fd).size;
    return this.#size;
  }

  /** Up to `length` bytes from `offset`; fewer only at the end of the file. @throws CliError E_IO */
  read(offset: number, length: number): Uint8Array {
    const wanted = Math.max(0, Math.min(length, this.#size - offset));
    const bytes = new Uint8Array(wanted);
    let at = 0;
    try {
      while (at < wanted) {
        const got = readSync(this.#fd, bytes, at, wanted - at, offset + at);
        if (got === 0) return bytes.subarray(0, at);
        at += got;
      }
    } catch (error) {
      throw ioError('read', this.path, error);
    }
    return bytes;
  }

  /** A stretch of the file piece by piece. */
  *chunks(offset: number, length: number): Generator<Uint8Array> {
    for (let at = 0; at < length; at += chunkBytes) {
      yield this.read(offset + at, Math.min(chunkBytes, length - at));
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** True for a folder that can be seen. */
export function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

/** True for a file that can be seen. */
export function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Names in a folder, sorted; numbers by value. @throws CliError E_IO */
export function namesIn(path: string): readonly string[] {
  try {
    return readdirSync(path).sort(byName);
  } catch (error) {
    throw ioError('read', path, error);
  }
}

function byName(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
