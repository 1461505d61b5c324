import { GroupIndex } from '../groups/group-index.js';
import type { PartitionChange } from '../metadata-face.js';
import { StreamTable } from './stream-table.js';
import { UserTable } from './user-table.js';

/** Everything the metadata log says, and what has to be done about it outside. */
export class MetadataState {
  readonly users = new UserTable();
  readonly streams = new StreamTable();
  /** Derived from the groups of all topics. */
  readonly memberships = new GroupIndex();
  /** Bumped by whatever changes which partitions there are or who reads them. */
  revision = 0;
  #changes: PartitionChange[] = [];

  bumpRevision(): number {
    this.revision += 1;
    return this.revision;
  }

  changed(change: PartitionChange): void {
    this.#changes.push(change);
  }

  get hasChanges(): boolean {
    return this.#changes.length > 0;
  }

  /** What happened to partitions since the last call. */
  takeChanges(): readonly PartitionChange[] {
    if (this.#changes.length === 0) return noChanges;
    const changes = this.#changes;
    this.#changes = [];
    return changes;
  }
}

const noChanges: readonly PartitionChange[] = [];
