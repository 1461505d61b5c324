import { equalRange } from '../../base/index.js';
import { Command, commitHeader, genericHeader, prepareHeader } from '../../wire/index.js';

const slots = 1024;
const entrySize = 32;
const commandAt = genericHeader.offsetOf.command;

/**
 * Remembers the identities of the prepares seen last, so that a heartbeat which names the one at its
 * commit point can be compared.
 */
export class PrepareMemory {
  /** Group, op and identity of each, the oldest overwritten. */
  readonly #ring = new Uint8Array(slots * entrySize);
  #count = 0;

  /** Takes note of a prepare; of anything else does nothing. */
  add(bytes: Uint8Array): void {
    const command = bytes[commandAt];
    if (command !== Command.Prepare && command !== Command.RepairPrepare) return;
    const prepare = prepareHeader.offsetOf;
    const at = (this.#count % slots) * entrySize;
    this.#copy(bytes, prepare.group, at, 8);
    this.#copy(bytes, prepare.op, at + 8, 8);
    this.#copy(bytes, prepare.checksum, at + 16, 16);
    this.#count += 1;
  }

  /** Whether the identity in a commit is that of the prepare; undefined when it was not seen. */
  matches(bytes: Uint8Array): boolean | undefined {
    const commit = commitHeader.offsetOf;
    for (let i = Math.min(this.#count, slots); i > 0; i--) {
      const at = ((this.#count - i) % slots) * entrySize;
      const isGroup = equalRange(this.#ring, at, bytes, commit.group, 8);
      if (!isGroup || !equalRange(this.#ring, at + 8, bytes, commit.commit, 8)) continue;
      return equalRange(this.#ring, at + 16, bytes, commit.commitChecksum, 16);
    }
    return undefined;
  }

  #copy(bytes: Uint8Array, from: number, to: number, size: number): void {
    for (let i = 0; i < size; i++) this.#ring[to + i] = bytes[from + i] ?? 0;
  }
}
