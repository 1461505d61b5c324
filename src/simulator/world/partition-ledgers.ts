import { DurableLedger } from './durable-ledger.js';
import type { SimFile } from './sim-file.js';

const pattern = /^(streams\/\d+\/topics\/\d+\/partitions\/\d+)\/(journal\.wal|superblock\.[ab])$/;

/** The directory of a partition, and what its file would be called if it were of the metadata. */
interface Place {
  readonly directory: string;
  readonly file: string;
}

/** What one disk holds durably of each partition, by directory. */
export class PartitionLedgers {
  readonly #byDirectory = new Map<string, DurableLedger>();
  /** What paths mean; none where no ledger looks at the file. */
  readonly #places = new Map<string, Place | undefined>();

  of(directory: string): DurableLedger {
    const known = this.#byDirectory.get(directory);
    if (known !== undefined) return known;
    const ledger = new DurableLedger();
    this.#byDirectory.set(directory, ledger);
    return ledger;
  }

  /** Bytes of a file became durable, or it is gone. */
  changed(path: string, file: SimFile | undefined, from: number): void {
    const place = this.#place(path);
    if (place === undefined) return;
    const { directory, file: name } = place;
    // Nothing but the end of a partition removes its superblock.
    if (file === undefined && name !== 'metadata/journal.wal') this.of(directory).forget();
    else this.of(directory).changed(name, file, from);
  }

  #place(path: string): Place | undefined {
    const known = this.#places.get(path);
    if (known !== undefined || this.#places.has(path)) return known;
    const [, directory, name] = pattern.exec(path) ?? [];
    const isKept = directory !== undefined && name !== undefined;
    const place = isKept ? { directory, file: `metadata/${name}` } : undefined;
    this.#places.set(path, place);
    return place;
  }

  /** The disk was wiped. */
  forget(): void {
    this.#byDirectory.clear();
  }
}
