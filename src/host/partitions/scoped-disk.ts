import type { Disk, DiskDone, FileContent } from '../../ports/index.js';

/**
 * A disk's view of one directory. It knows what is under way, so that the directory can be removed
 * once nothing is, and it can be closed: then nothing more is begun or reported.
 */
export class ScopedDisk implements Disk {
  readonly #disk: Disk;
  readonly #prefix: string;
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
    return this.#disk.size(this.#prefix + path);
  }

  read(path: string, offset: number, length: number): Uint8Array {
    return this.#disk.read(this.#prefix + path, offset, length);
  }

  view(path: string, offset: number, length: number): Uint8Array | undefined {
    return this.#disk.view?.(this.#prefix + path, offset, length);
  }

  append(path: string, chunks: readonly Uint8Array[]): void {
    if (!this.#isClosed) this.#disk.append(this.#prefix + path, chunks);
  }

  reserve(path: string, length: number): void {
    if (!this.#isClosed) this.#disk.reserve?.(this.#prefix + path, length);
  }

  sync(path: string, done: DiskDone): void {
    this.#begin(done, (end) => this.#disk.sync(this.#prefix + path, end));
  }

  replace(path: string, content: FileContent, done: DiskDone): void {
    this.#begin(done, (end) => this.#disk.replace(this.#prefix + path, content, end));
  }

  truncate(path: string, length: number, done: DiskDone): void {
    this.#begin(done, (end) => this.#disk.truncate(this.#prefix + path, length, end));
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
