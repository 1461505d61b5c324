import { DurableLedger } from './durable-ledger.js';
import type { SimFile } from './sim-file.js';

const pattern = /^(streams\/\d+\/topics\/\d+\/partitions\/\d+)\/(journal\.wal|superblock\.[ab])$/;

/** What one disk holds durably of each partition, by directory. */
export class PartitionLedgers {
  readonly #byDirectory = new Map<string, DurableLedger>();

  of(directory: string): DurableLedger {
    const known = this.#byDirectory.get(directory);
    if (known !== undefined) return known;
    const ledger = new DurableLedger();
    this.#byDirectory.set(directory, ledger);
    return ledger;
  }

  /** Bytes of a file became durable, or it is gone. */
  changed(path: string, file: SimFile | undefined, from: number): void {
    const found = pattern.exec(path);
    const [, directory, name] = found ?? [];
    if (directory === undefined || name === undefined) return;
    // Nothing but the end of a partition removes its superblock.
    if (file === undefined && name !== 'journal.wal') this.of(directory).forget();
    else this.of(directory).changed(`metadata/${name}`, file, from);
  }

  /** The disk was wiped. */
  forget(): void {
    this.#byDirectory.clear();
  }
}
