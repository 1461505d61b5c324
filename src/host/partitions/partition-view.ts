import type { ReplicaStatus } from '../../consensus/index.js';
import type { PartitionMachine } from '../../machine/index.js';
import type { PartitionView } from '../../server/index.js';

/** The parts of a partition that are read. */
export interface PartitionSource {
  readonly status: ReplicaStatus;
  readonly machine: PartitionMachine;
  /** Begins what the machine asked for. */
  performOwn(): void;
}

/** A partition as the server reads it; follows the partition as it changes. */
export function partitionViewOf(host: PartitionSource): PartitionView {
  const { machine } = host;
  return {
    get status() {
      return host.status;
    },
    get currentOffset() {
      return machine.currentOffset;
    },
    poll: (query) => machine.poll(query),
    storedOffset: (kind, consumer) => machine.storedOffset(kind, consumer),
    lastPolled: (group) => machine.lastPolled(group),
    forgetPolled: (group) => machine.forgetPolled(group),
    applyLocally: (operation, body) => {
      const status = machine.applyLocally(operation, body);
      host.performOwn();
      return status;
    },
    truncationOffset: (count) => machine.truncationOffset(count),
  };
}
