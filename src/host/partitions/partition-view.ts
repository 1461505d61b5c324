import type { ReplicaStatus } from '../../consensus/index.js';
import type { PartitionMachine } from '../../machine/index.js';
import type { PartitionView } from '../../server/index.js';

/** The parts of a partition that are read. */
export interface PartitionSource {
  readonly status: ReplicaStatus;
  readonly machine: PartitionMachine;
  applyLocally(operation: number, body: Uint8Array): number;
}

/** A partition as the server reads it; follows the partition as it changes. */
export function partitionViewOf(host: PartitionSource): PartitionView {
  return new LiveView(host);
}

/** A class, since functions and getters of a literal are made anew for each partition. */
class LiveView implements PartitionView {
  readonly #host: PartitionSource;
  readonly #machine: PartitionMachine;

  constructor(host: PartitionSource) {
    this.#host = host;
    this.#machine = host.machine;
  }

  get status(): ReplicaStatus {
    return this.#host.status;
  }

  get currentOffset(): number {
    return this.#machine.currentOffset;
  }

  poll(query: Parameters<PartitionView['poll']>[0]): ReturnType<PartitionView['poll']> {
    return this.#machine.poll(query);
  }

  storedOffset(kind: 'consumer' | 'group', consumer: number): number {
    return this.#machine.storedOffset(kind, consumer);
  }

  lastPolled(group: number): number {
    return this.#machine.lastPolled(group);
  }

  forgetPolled(group: number): void {
    this.#machine.forgetPolled(group);
  }

  applyLocally(operation: number, body: Uint8Array): number {
    return this.#host.applyLocally(operation, body);
  }

  truncationOffset(count: number): ReturnType<PartitionView['truncationOffset']> {
    const offset = this.#machine.truncationOffset(count);
    // Who lags behind may find nothing where there is something by now.
    const isSure = offset > 0 || count === 0 || isConverged(this.status);
    return isSure ? offset : undefined;
  }
}

/** Whether a replica, primary or not, has applied everything it knows to be committed. */
function isConverged(status: ReplicaStatus): boolean {
  return (
    status.status === 'normal' &&
    status.transferStage === 'idle' &&
    status.commitMin === status.commitMax &&
    status.recoveryBarrier === 0 &&
    !status.isFenced &&
    !status.isHalted
  );
}
