import { codec, type StructValue } from '../schema/index.js';
import { u53 } from './numbers.js';

const { array, blob, bool, field, optional, struct, text, union, variant } = codec;
const { u8, u16, u32, u64, u128 } = codec;

/** How a chapter begins: everything a replica and its state machine are made from. */

const limitShape = {
  name: field(text(u8), 'Name of the limit.'),
  value: field(u53, 'Its value.'),
} as const;

const configShape = {
  cluster: field(u128, 'Cluster id.'),
  group: field(u64, 'Group id.'),
  groupIncarnation: field(u53, 'Revision the partition was created with; 0 for metadata.'),
  replica: field(u8, 'Own index in the roster.'),
  replicaCount: field(u8, 'Replicas in the roster.'),
  isStrict: field(bool, 'Request numbers are judged strictly.'),
  isInMemory: field(bool, 'An acknowledgement means "in memory".'),
  limits: field(array(u8, struct('RecordedLimit', limitShape)), 'Timers, bounds, budgets.'),
} as const;

/** Configuration of a replica. */
export interface RecordedConfig extends StructValue<typeof configShape> {}

const superblockShape = {
  view: field(u53, 'View.'),
  logView: field(u53, 'View of the log.'),
  commitMax: field(u53, 'Highest op known to be committed.'),
  checkpointOp: field(u53, 'Op of the checkpoint.'),
  checkpointChecksum: field(u64, 'Checksum of the checkpoint.'),
  offsetFrontier: field(u53, 'Next offset a partition would mint.'),
  lostUpTo: field(u53, 'Highest op that may be lost here.'),
  viewHeaders: field(array(u32, blob(u32)), 'Headers of the log of logView.'),
} as const;

const snapshotShape = {
  op: field(u53, 'Last op whose effects are in it.'),
  checksum: field(u64, 'XXH3-64 of the payload.'),
  payload: field(blob(u32), 'The file without its trailer.'),
} as const;

const recoveredShape = {
  incarnation: field(u64, 'Number of this start.'),
  superblock: field(optional(struct('RecordedSuperblock', superblockShape)), 'Newest record.'),
  snapshot: field(optional(struct('RecordedSnapshot', snapshotShape)), 'Newest snapshot.'),
  entries: field(array(u32, blob(u32)), 'Entries of the journal.'),
  anchor: field(optional(blob(u32)), 'Header of the last drained op.'),
  journalLost: field(bool, 'The journal did not survive.'),
  isKnown: field(bool, 'The group existed before this start.'),
  joining: field(bool, 'The node was wiped and has not rejoined.'),
} as const;

/** What a replica was given to recover from. */
export interface RecordedState extends StructValue<typeof recoveredShape> {}

const settingsShape = {
  segmentSize: field(u53, 'Bytes of a segment.'),
  enforceFsync: field(bool, 'Whether every write is synced.'),
  messagesRequiredToSave: field(u53, 'Messages that are written together.'),
  sizeOfMessagesRequiredToSave: field(u53, 'Bytes that are written together.'),
  preallocateSegments: field(bool, 'Whether segments take up their room at once.'),
  messageExpiry: field(u64, 'Microseconds; 2^64-1 = never.'),
  maxTopicSize: field(u64, 'Bytes; 2^64-1 = unlimited.'),
} as const;

/** What metadata says of a partition; it changes while the partition lives. */
export const partitionStateFields = {
  settings: field(struct('RecordedSettings', settingsShape), 'Settings of the topic.'),
  partitionsCount: field(u32, 'Partitions of the topic.'),
  purgeGeneration: field(u53, 'Last purge that metadata has committed.'),
  deletedUpToOffset: field(u53, 'Sealed segments up to here shall go.'),
} as const;

const fileShape = {
  name: field(text(u16), 'Relative to the directory of the partition.'),
  bytes: field(blob(u32), 'All of it.'),
} as const;

const partitionShape = {
  stream: field(u32, 'Stream.'),
  topic: field(u32, 'Topic.'),
  partition: field(u32, 'Partition.'),
  revision: field(u53, 'Revision it was created with.'),
  ...partitionStateFields,
  isInMemory: field(bool, 'An acknowledged message has survived in memory only.'),
  offsetFrontier: field(u53, 'Next offset by the newest superblock.'),
  journaledFrom: field(optional(u53), 'Lowest offset in the journal.'),
  isJournalWhole: field(bool, 'The journal is there.'),
  isRefilled: field(bool, 'The journal is gone, and peers give again what it held.'),
  hasPeers: field(bool, 'There are other replicas.'),
  files: field(array(u32, struct('RecordedFile', fileShape)), 'What lay in its directory.'),
} as const;

/** What a partition was opened with. */
export interface RecordedPartition extends StructValue<typeof partitionShape> {}

const metadataShape = {
  username: field(text(u8), 'Root user of a node that never lived.'),
  passwordHash: field(text(u16), 'PHC string.'),
} as const;

const machine = union('RecordedMachine', u8, {
  metadata: variant(1, struct('RecordedMetadata', metadataShape)),
  partition: variant(2, struct('RecordedPartition', partitionShape)),
});

const beginShape = {
  node: field(u8, 'Node.'),
  config: field(struct('RecordedConfig', configShape), 'Configuration of the replica.'),
  recovered: field(struct('RecordedState', recoveredShape), 'What the replica was given.'),
  machine: field(machine, 'What its state machine was given.'),
} as const;

/** The beginning of a chapter. */
export interface RecordedBegin extends StructValue<typeof beginShape> {}

/** The state machine of a chapter. */
export type RecordedMachine = RecordedBegin['machine'];

export const begin = struct('RecordedBegin', beginShape);
