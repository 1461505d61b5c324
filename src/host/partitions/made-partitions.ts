import { setU64, setU64Number, tryGetU64Number } from '../../base/index.js';
import { type Disk, DiskError, type DiskFailure } from '../../ports/index.js';
import { matchesXxh3, xxh3 } from '../../wire/index.js';
import { madePartitionsFile } from '../places.js';

/** Group, revision, and the XXH3-64 of both. */
const recordBytes = 24;
const sumAt = 16;

/** Records that a newer one of their group has made useless, before the file is written anew. */
const uselessMax = 1024;

/**
 * The partitions that were made on this node, durably. A partition whose files are gone cannot say
 * so itself; without this list it would pass for a new one and vote with an empty log.
 */
export class MadePartitions {
  readonly #disk: Disk;
  /** Newest revision made, by group. */
  readonly #made = new Map<number, number>();
  #needsRewrite = false;
  #waiting: { readonly record: Uint8Array; readonly done: () => void }[] = [];
  #isBusy = false;

  constructor(disk: Disk) {
    this.#disk = disk;
    this.#load();
  }

  has(group: number, revision: number): boolean {
    return this.#made.get(group) === revision;
  }

  /** Notes a partition; `done` is called once that is durable, at once if it is noted already. */
  add(group: number, revision: number, done: () => void): void {
    if (this.has(group, revision)) {
      done();
      return;
    }
    this.#made.set(group, revision);
    this.#waiting.push({ record: recordOf(group, revision), done });
    this.#write();
  }

  /** One write at a time; what comes meanwhile shares the next one. */
  #write(): void {
    if (this.#isBusy || this.#waiting.length === 0) return;
    const batch = this.#waiting;
    this.#waiting = [];
    this.#isBusy = true;
    const finish = (failure?: DiskFailure) => {
      // Half a record, or none: the list is written whole the next time. Nobody waits for it, since a
      // disk that fails to keep it fails to keep what the partition itself has to write.
      if (failure !== undefined) this.#needsRewrite = true;
      this.#isBusy = false;
      for (const { done } of batch) done();
      this.#write();
    };
    try {
      if (this.#needsRewrite) {
        this.#needsRewrite = false;
        this.#disk.replace(madePartitionsFile, this.#allRecords(), finish);
      } else {
        this.#disk.append(
          madePartitionsFile,
          batch.map(({ record }) => record),
        );
        this.#disk.sync(madePartitionsFile, finish);
      }
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      finish(error.failure);
    }
  }

  #allRecords(): readonly Uint8Array[] {
    return Array.from(this.#made, ([group, revision]) => recordOf(group, revision));
  }

  /** Reads up to the first record that is none: what a crash left of the last write. */
  #load(): void {
    const size = this.#disk.size(madePartitionsFile) ?? 0;
    if (size === 0) return;
    const bytes = this.#disk.read(madePartitionsFile, 0, size);
    let at = 0;
    for (; at + recordBytes <= size; at += recordBytes) {
      const group = tryGetU64Number(bytes, at);
      const revision = tryGetU64Number(bytes, at + 8);
      const isWhole = matchesXxh3(bytes, at + sumAt, bytes, at, at + sumAt);
      if (!isWhole || group < 0 || revision < 0) break;
      this.#made.set(group, revision);
    }
    const useless = at / recordBytes - this.#made.size;
    this.#needsRewrite = at !== size || useless > uselessMax;
  }
}

function recordOf(group: number, revision: number): Uint8Array {
  const record = new Uint8Array(recordBytes);
  setU64Number(record, 0, group);
  setU64Number(record, 8, revision);
  setU64(record, sumAt, xxh3(record, 0, sumAt));
  return record;
}
