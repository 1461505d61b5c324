import type { Disk, DiskDone, FileContent } from '../../ports/index.js';

const pathsMax = 64;

/**
 * A disk's view of one directory. It knows what is under way, so that the directory can be removed
 * once nothing is, and it can be closed: then nothing more is begun or reported.
 */
export class ScopedDisk implements Disk {
  readonly #disk: Disk;
  readonly #prefix: string;
  /** Paths by name: whoever looks a path up would take in each new text of it anew. */
  readonly #paths = new Map<string, string>();
  #underWay = 0;
  #isClosed = false;
  #whenIdle: (() => void) | undefined;

  constructor(disk: Disk, directory: string) {
    this.#disk = disk;
    this.#prefix = `${directory}/`;
  }

  get directory(): string {
    return this.#prefix.slice(0, -1);
  }

  list(directory: string): readonly string[] {
    return this.#disk.list(directory === '' ? this.directory : this.#prefix + directory);
  }

  size(path: string): number | undefined {
    return this.#disk.size(this.#path(path));
  }

  read(path: string, offset: number, length: number): Uint8Array {
    return this.#disk.read(this.#path(path), offset, length);
  }

  view(path: string, offset: number, length: number): Uint8Array | undefined {
    return this.#disk.view?.(this.#path(path), offset, length);
  }

  append(path: string, chunks: readonly Uint8Array[]): void {
    if (!this.#isClosed) this.#disk.append(this.#path(path), chunks);
  }

  reserve(path: string, length: number): void {
    if (!this.#isClosed) this.#disk.reserve?.(this.#path(path), length);
  }

  sync(path: string, done: DiskDone): void {
    this.#begin(done, (end) => this.#disk.sync(this.#path(path), end));
  }

  replace(path: string, content: FileContent, done: DiskDone): void {
    this.#begin(done, (end) => this.#disk.replace(this.#path(path), content, end));
  }

  truncate(path: string, length: number, done: DiskDone): void {
    this.#begin(done, (end) => this.#disk.truncate(this.#path(path), length, end));
  }

  /** A disk that cannot move a file gets a copy of it, and the original goes. */
  move(from: string, to: string, done: DiskDone): void {
    const [source, target] = [this.#prefix + from, this.#prefix + to];
    this.#begin(done, (end) => {
      const disk = this.#disk;
      if (disk.move !== undefined) disk.move(source, target, end);
      else {
        const bytes = disk.read(source, 0, disk.size(source) ?? 0);
        disk.replace(target, bytes, (failure) => {
          if (failure === undefined) disk.remove(source, end);
          else end(failure);
        });
      }
    });
  }

  remove(path: string, done: DiskDone): void {
    this.#begin(done, (end) => this.#disk.remove(this.#prefix + path, end));
  }

  /** Closes the directory and calls back once what was begun has ended, possibly at once. */
  close(idle: () => void): void {
    this.#isClosed = true;
    this.#whenIdle = idle;
    this.#tellIfIdle();
  }

  #path(name: string): string {
    const known = this.#paths.get(name);
    if (known !== undefined) return known;
    // Names of segments come and go; the others are few.
    if (this.#paths.size >= pathsMax) this.#paths.clear();
    const path = this.#prefix + name;
    this.#paths.set(name, path);
    return path;
  }

  #begin(done: DiskDone, start: (end: DiskDone) => void): void {
    if (this.#isClosed) return;
    this.#underWay += 1;
    start((failure) => {
      this.#underWay -= 1;
      if (!this.#isClosed) done(failure);
      this.#tellIfIdle();
    });
  }

  #tellIfIdle(): void {
    if (this.#underWay > 0 || this.#whenIdle === undefined) return;
    const idle = this.#whenIdle;
    this.#whenIdle = undefined;
    idle();
  }
}
