import type { PartitionConfig, PartitionMachine } from '../../machine/index.js';
import { type Disk, DiskError, type InputSink } from '../../ports/index.js';
import type { RecordedPartition } from '../../wire/index.js';
import { noteLack, type RecordedGroup } from '../recording/group-recorder.js';
import { RecordedStore } from '../recording/recorded-store.js';

/** What a partition is recorded with. */
export interface PartitionRecording {
  readonly store: RecordedStore;
  groupOf(machine: PartitionMachine): RecordedGroup;
}

/** A recording may begin with this share of what fits, so that something else fits as well. */
const filesShare = 4;

/**
 * Prepares to record a partition that is about to be opened: what lies in its directory is part of
 * what it begins with. Not every partition can be recorded; then that is what is noted.
 */
export function recordPartition(
  sink: InputSink,
  whose: { readonly node: number; readonly group: bigint },
  disk: Disk,
  config: Omit<PartitionConfig, 'store'>,
): PartitionRecording | undefined {
  // What clients send is in clear until it is admitted, and must not lie beside what was encrypted.
  const isEncrypted = config.cipher !== undefined;
  const files = isEncrypted ? 0 : filesIn(disk, sink.capacity / filesShare);
  if (typeof files === 'number') {
    noteLack(sink, { ...whose, isEncrypted, bytes: files });
    return undefined;
  }
  const store = new RecordedStore(disk);
  return {
    store,
    groupOf: (machine) => ({
      ...{ sink, node: whose.node },
      machine: { kind: 'partition', value: recordedPartition(config, files) },
      digest: () => machine.digest() ^ store.hash.value,
    }),
  };
}

/** What the machine will find; the number of bytes when they are too many or cannot be read. */
function filesIn(disk: Disk, most: number): RecordedPartition['files'] | number {
  const names = namesIn(disk, '');
  const bytes = names.reduce((sum, name) => sum + (disk.size(name) ?? 0), 0);
  if (bytes > most) return bytes;
  try {
    return names.map((name) => ({ name, bytes: disk.read(name, 0, disk.size(name) ?? 0).slice() }));
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return bytes;
  }
}

/** Files of the machine; journal and superblock are the replica's. */
function namesIn(disk: Disk, directory: string): readonly string[] {
  return disk.list(directory).flatMap((entry) => {
    const name = directory === '' ? entry : `${directory}/${entry}`;
    if (/^(journal|superblock)\./.test(name)) return [];
    return disk.size(name) === undefined ? namesIn(disk, name) : [name];
  });
}

function recordedPartition(
  config: Omit<PartitionConfig, 'store'>,
  files: RecordedPartition['files'],
): RecordedPartition {
  const { settings, partitionsCount, purgeGeneration, deletedUpToOffset } = config;
  const { stream, topic, partition, revision } = config.address;
  return {
    ...{ stream, topic, partition, revision },
    ...{ settings, partitionsCount, purgeGeneration, deletedUpToOffset, files },
    isInMemory: config.ack === 'memory',
    offsetFrontier: config.offsetFrontier,
    journaledFrom: config.journaledFrom ?? null,
    isJournalWhole: config.isJournalWhole === true,
    isRefilled: config.isRefilled === true,
    hasPeers: config.hasPeers === true,
  };
}
