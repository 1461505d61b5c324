import type { PartitionStore } from '../../machine/index.js';
import { DiskError } from '../../ports/index.js';
import { EffectHash } from './effect-hash.js';
import type { GroupRecorder } from './group-recorder.js';

/** The files of a partition, with a hash of what is appended, and failures taken down. */
export class RecordedStore implements PartitionStore {
  readonly hash = new EffectHash();
  readonly #store: PartitionStore;
  #recorder: GroupRecorder | undefined;
  #input = 0;
  #appends = 0;
  #reads = 0;

  constructor(store: PartitionStore) {
    this.#store = store;
  }

  /** Failures are taken down there from now on. */
  attach(recorder: GroupRecorder): void {
    this.#recorder = recorder;
  }

  list(directory: string): readonly string[] {
    return this.#store.list(directory);
  }

  size(file: string): number | undefined {
    return this.#store.size(file);
  }

  read(file: string, offset: number, length: number): Uint8Array {
    const call = this.#next(true);
    return this.#noting(true, call, () => this.#store.read(file, offset, length));
  }

  view(file: string, offset: number, length: number): Uint8Array | undefined {
    return this.#store.view?.(file, offset, length);
  }

  append(file: string, chunks: readonly Uint8Array[]): void {
    const call = this.#next(false);
    this.#noting(false, call, () => this.#store.append(file, chunks));
    this.hash.appended(chunks);
  }

  reserve(file: string, length: number): void {
    const call = this.#next(false);
    this.#noting(false, call, () => this.#store.reserve?.(file, length));
  }

  /** Which append or read of the input under way this is. */
  #next(isRead: boolean): number {
    const input = this.#recorder?.inputs ?? 0;
    if (input !== this.#input) {
      this.#input = input;
      this.#appends = 0;
      this.#reads = 0;
    }
    return isRead ? this.#reads++ : this.#appends++;
  }

  #noting<T>(isRead: boolean, call: number, work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof DiskError) {
        const { code, tornTail } = error.failure;
        this.#recorder?.storeFailed({ call, isRead, code, isTorn: tornTail === true });
      }
      throw error;
    }
  }
}
