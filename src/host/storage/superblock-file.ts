import type { SuperblockWrite } from '../../consensus/index.js';
import type { Disk } from '../../ports/index.js';
import { encodeSuperblock } from '../../wire/index.js';
import { inside } from './inside.js';

/** Whose superblock it is; written into every record and checked when it is read. */
export interface SuperblockIdentity {
  readonly cluster: bigint;
  readonly replica: number;
  readonly replicaCount: number;
}

/** The two slots of a superblock, written in turn. */
export type SuperblockSlotName = 'a' | 'b';

/** What was found in the slots. */
export interface SuperblockPosition {
  /** Sequence of the newest record; 0 = none yet. */
  readonly sequence: number;
  /** Slot of the newest record. */
  readonly slot: SuperblockSlotName;
}

/** The superblock pair of one group. At most one write is under way. */
export class SuperblockFile {
  readonly #disk: Disk;
  readonly #directory: string;
  readonly #identity: SuperblockIdentity;
  readonly #report: (write: number, ok: boolean) => void;
  #sequence: number;
  #slot: SuperblockSlotName;

  constructor(options: {
    readonly disk: Disk;
    readonly directory: string;
    readonly identity: SuperblockIdentity;
    readonly position: SuperblockPosition;
    readonly report: (write: number, ok: boolean) => void;
  }) {
    this.#disk = options.disk;
    this.#directory = options.directory;
    this.#identity = options.identity;
    this.#report = options.report;
    this.#sequence = options.position.sequence;
    this.#slot = options.position.slot;
  }

  /** Writes the record to the slot that does not hold the newest one. */
  write(write: number, record: SuperblockWrite): void {
    const { cluster, replica, replicaCount } = this.#identity;
    const sequence = this.#sequence + 1;
    const slot = this.#slot === 'a' ? 'b' : 'a';
    const bytes = encodeSuperblock({
      sequence,
      record: { cluster, replica, replicaCount, ...record },
    });
    this.#disk.replace(inside(this.#directory, `superblock.${slot}`), bytes, (failure) => {
      if (failure === undefined) {
        this.#sequence = sequence;
        this.#slot = slot;
      }
      this.#report(write, failure === undefined);
    });
  }
}
