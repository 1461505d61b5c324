import type { PartitionAddress } from '../../machine/index.js';
import { partitionGroupNumber } from '../../wire/index.js';

/** Directory of a partition below its node's. @source Iggy server, on-disk layout */
export function directoryOf({ stream, topic, partition }: PartitionAddress): string {
  return `streams/${stream}/topics/${topic}/partitions/${partition}`;
}

/** Consensus group of a partition, as a number. */
export function groupOf({ stream, topic, partition }: PartitionAddress): number {
  return partitionGroupNumber(stream, topic, partition);
}
