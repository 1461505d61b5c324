import { emptyBytes } from '../../base/index.js';
import type { PartitionEffect, PartitionStore } from '../../machine/index.js';
import { DiskError } from '../../ports/index.js';
import type { RecordedPartition, RecordedValue } from '../../wire/index.js';
import { SimFile } from '../world/sim-file.js';

type Failure = RecordedValue<'store-failed'>;

/** The directory of a recorded partition in memory; it fails where the recorded disk did. */
export class ReplayStore implements PartitionStore {
  readonly #files = new Map<string, SimFile>();
  #failures: readonly Failure[] = [];
  #appends = 0;
  #reads = 0;

  constructor(files: RecordedPartition['files']) {
    for (const { name, bytes } of files) this.#files.set(name, new SimFile(bytes.slice()));
  }

  /** The next input begins; these are the calls that failed while it was handled. */
  begin(failures: readonly Failure[]): void {
    this.#failures = failures;
    this.#appends = 0;
    this.#reads = 0;
  }

  list(directory: string): readonly string[] {
    const prefix = directory === '' ? '' : `${directory}/`;
    const names = [...this.#files.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length).split('/', 1)[0] ?? '');
    return [...new Set(names)];
  }

  size(file: string): number | undefined {
    return this.#files.get(file)?.length;
  }

  read(file: string, offset: number, length: number): Uint8Array {
    this.#failIf(true, this.#reads++, file);
    const found = this.#files.get(file);
    if (found === undefined) throw failure('ENOENT', file, true);
    return found.bytes.slice(offset, offset + length);
  }

  append(file: string, chunks: readonly Uint8Array[]): void {
    this.#failIf(false, this.#appends++, file);
    const found = this.#files.get(file) ?? new SimFile(emptyBytes);
    this.#files.set(file, found);
    for (const chunk of chunks) found.append(chunk);
  }

  reserve(file: string): void {
    this.#failIf(false, this.#appends++, file);
  }

  /** Does what a machine asked for, once the recording says that it was done. */
  perform(effect: PartitionEffect): void {
    switch (effect.kind) {
      case 'replace':
        this.#files.set(effect.file, new SimFile(effect.bytes.slice()));
        break;
      case 'truncate':
        this.#files.get(effect.file)?.truncate(effect.length);
        break;
      case 'move':
        this.#move(effect.from, effect.to);
        break;
      case 'remove':
        for (const name of this.#under(effect.file)) this.#files.delete(name);
        break;
      default:
    }
  }

  #move(from: string, to: string): void {
    for (const name of this.#under(from)) {
      const file = this.#files.get(name);
      this.#files.delete(name);
      if (file !== undefined) this.#files.set(to + name.slice(from.length), file);
    }
  }

  /** A file, or everything in a directory. */
  #under(path: string): readonly string[] {
    return [...this.#files.keys()].filter((name) => name === path || name.startsWith(`${path}/`));
  }

  #failIf(isRead: boolean, call: number, file: string): void {
    const found = this.#failures.find((each) => each.isRead === isRead && each.call === call);
    if (found !== undefined) throw failure(found.code, file, isRead, found.isTorn);
  }
}

function failure(code: string, path: string, isRead: boolean, isTorn = false): DiskError {
  const operation = isRead ? 'read' : 'append';
  return new DiskError({ code, path, operation, ...(isTorn && { tornTail: true }) });
}
