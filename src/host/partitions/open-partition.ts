import { getU64Number } from '../../base/index.js';
import { openPartition, type PartitionInfo } from '../../machine/index.js';
import { DiskError } from '../../ports/index.js';
import { batchAt, headerSize, Operation, prepareView } from '../../wire/index.js';
import { BootRefusedError } from '../boot-refused.js';
import { partitionSettingsOf } from '../replica-config.js';
import { type OpenedStorage, openStorage } from '../storage/open-storage.js';
import { nextStep } from '../storage/refuse-to-open.js';
import { claimDirectory } from './incarnation.js';
import type { PartitionContext } from './partition-context.js';
import { PartitionHost } from './partition-host.js';
import { directoryOf, groupOf } from './partition-place.js';
import { recordPartition } from './partition-recording.js';
import { quarantine } from './quarantine.js';
import { ScopedDisk } from './scoped-disk.js';

/** A partition that runs, or why it is left alone. */
export type PartitionOpened =
  | PartitionHost
  | {
      readonly refused: string;
      /** Nothing is wrong with the files: the disk failed, and may do better the next time. */
      readonly mayPass?: boolean;
    };

/**
 * Takes up the directory of a partition, or makes it; what an earlier incarnation left there goes. An untrusted superblock leaves the partition
 * alone, since starting afresh would give it another identity; segments and journals that cannot be
 * served are put aside, and peers fill the partition again; a lone node that synced them leaves them alone as well.
 * @param isKnown metadata named the partition when the node started
 * @param opened called once, possibly from inside the call
 */
export function openPartitionHost(
  context: PartitionContext,
  info: PartitionInfo,
  isKnown: boolean,
  opened: (result: PartitionOpened) => void,
): void {
  // Without peers nobody could fill it again: what is damaged is left as it is. What was acknowledged
  // from memory may be torn by any crash, though, and nothing was promised of it. The marker is, always:
  // without it nobody knows which offsets a purge has freed.
  const hasPeers = context.config.nodeCount > 1;
  const hasPromised = partitionSettingsOf(context.config).ack === 'fsync';
  const mayQuarantine = hasPeers || !hasPromised;
  const attempt = { opened: noted(context, info, opened), isKnown, mayQuarantine };
  const take = () => open(context, info, attempt);
  try {
    const wasMade = context.made.has(groupOf(info), info.revision);
    claimDirectory(context.ports.disk, info, { wasMade, hasPeers }, (refusal) => {
      if (refusal === undefined) take();
      else if (refusal.isDamaged === true && hasPeers) {
        putAside(context, info, attempt, refusal.reason);
      } else {
        const { reason, mayPass, isDamaged } = refusal;
        const refused = isDamaged === true ? `${reason}: ${step(context.config, 'it')}` : reason;
        opened({ refused, mayPass });
      }
    });
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    opened({ refused: error.message, mayPass: true });
  }
}

/**
 * A partition is noted as made once its files are there, and acknowledges nothing before that: files
 * that are gone later are told from files that never were.
 */
function noted(
  { made }: PartitionContext,
  info: PartitionInfo,
  opened: Attempt['opened'],
): Attempt['opened'] {
  return (result) => {
    if (result instanceof PartitionHost)
      made.add(groupOf(info), info.revision, () => opened(result));
    else opened(result);
  };
}

/** What can be done about a file of a partition. */
function step({ nodeCount }: PartitionContext['config'], file = 'its files'): string {
  const owner = { plane: 'partition', identity: { replicaCount: nodeCount } } as const;
  return nextStep(owner, file);
}

interface Attempt {
  readonly opened: (result: PartitionOpened) => void;
  readonly isKnown: boolean;
  /** False for the second attempt, after files were put aside, and for a lone node. */
  readonly mayQuarantine: boolean;
}

function open(context: PartitionContext, info: PartitionInfo, attempt: Attempt): void {
  const { config, ports } = context;
  const disk = new ScopedDisk(ports.disk, directoryOf(info));
  const identity = {
    cluster: config.cluster,
    replica: config.node,
    replicaCount: config.nodeCount,
  };
  const hasJournal = partitionSettingsOf(config).ack === 'fsync';
  const wasMade = context.made.has(groupOf(info), info.revision);
  const hasPeers = config.nodeCount > 1;
  const fail = (damage: BootRefusedError) => {
    // Without its superblock it has forgotten what it said, as if all of its files were gone.
    const isForgetful = damage.damage === 'superblock_missing' && hasPeers && wasMade;
    const isFileDamage = damage.damage === 'journal_interior' || isForgetful;
    if (isFileDamage && attempt.mayQuarantine) putAside(context, info, attempt, damage.message);
    else attempt.opened({ refused: damage.message, mayPass: damage.damage === 'disk_failed' });
  };
  try {
    const place = { disk, directory: '', identity, plane: 'partition' } as const;
    openStorage({ hasJournal, wasMade, ...place }, (storage) => {
      if (storage instanceof BootRefusedError) fail(storage);
      else start(context, info, attempt, { disk, storage });
    });
  } catch (error) {
    fail(BootRefusedError.of(error, step(config)));
  }
}

function start(
  context: PartitionContext,
  info: PartitionInfo,
  attempt: Attempt,
  { disk, storage }: { readonly disk: ScopedDisk; readonly storage: OpenedStorage },
): void {
  const journaledFrom = firstJournaledOffset(storage.state.entries);
  const { cipher, recorder } = context.ports;
  const hasPeers = context.config.nodeCount > 1;
  const config = {
    address: info,
    settings: info.settings,
    partitionsCount: info.partitionsCount,
    ack: partitionSettingsOf(context.config).ack,
    cache: context.cache,
    // Frames are built or received once; whatever changes a field of one makes a copy.
    keepsBodies: true,
    counters: info.counters,
    purgeGeneration: info.purgeGeneration,
    deletedUpToOffset: info.deletedUpToOffset,
    offsetFrontier: storage.state.superblock?.offsetFrontier ?? 0,
    ...(journaledFrom !== undefined && { journaledFrom }),
    ...(keepsJournal(context, storage) && { isJournalWhole: true }),
    ...(storage.state.journalLost === true && hasPeers && { isRefilled: true }),
    hasPeers,
    ...(cipher !== undefined && { cipher }),
  };
  const whose = { node: context.config.node, group: BigInt(groupOf(info)) };
  const recording = recorder && recordPartition(recorder, whose, disk, config);
  const found = tryOpen({ ...config, store: recording?.store ?? disk });
  if (found instanceof DiskError) {
    attempt.opened({ refused: found.message, mayPass: true });
    return;
  }
  if (found.kind === 'damaged') {
    const reason = `${found.file}: ${found.reason}`;
    if (attempt.mayQuarantine) putAside(context, info, attempt, reason);
    else attempt.opened({ refused: `${reason}: ${step(context.config, 'it')}` });
    return;
  }
  const { machine } = found;
  try {
    const { isKnown } = attempt;
    const parts = { context, address: info, machine, disk, storage, isKnown, recording };
    const host = new PartitionHost(parts);
    attempt.opened(host);
  } catch (error) {
    attempt.opened({ refused: BootRefusedError.of(error, step(context.config)).message });
  }
}

/** The disk may fail to give a file, for want of descriptors for example, and do better later. */
function tryOpen(config: Parameters<typeof openPartition>[0]) {
  try {
    return openPartition(config);
  } catch (error) {
    if (error instanceof DiskError) return error;
    throw error;
  }
}

function keepsJournal({ config }: PartitionContext, { state }: OpenedStorage): boolean {
  return partitionSettingsOf(config).ack === 'fsync' && state.journalLost !== true;
}

/** Moves what cannot be served out of the way and tries once more. */
function putAside(
  context: PartitionContext,
  info: PartitionInfo,
  attempt: Attempt,
  reason: string,
): void {
  const directory = directoryOf(info);
  const { disk, log } = context.ports;
  log.write({ level: 'error', event: 'PartitionQuarantined', fields: { directory, reason } });
  quarantine(disk, info, (failure) => {
    if (failure === undefined) open(context, info, { ...attempt, mayQuarantine: false });
    else attempt.opened({ refused: `${reason}; cannot put it aside: ${failure.code}` });
  });
}

/** Lowest base offset of a message batch among journal entries. */
function firstJournaledOffset(entries: readonly Uint8Array[]): number | undefined {
  let lowest: number | undefined;
  for (const entry of entries) {
    if (prepareView.operation(entry) !== Operation.SendMessages) continue;
    const offset = getU64Number(entry, headerSize + batchAt.baseOffset);
    if (lowest === undefined || offset < lowest) lowest = offset;
  }
  return lowest;
}
