import { once } from '../../base/index.js';
import { type CodecValue, codec } from '../schema/index.js';
import { begin, partitionStateFields } from './chapter.js';
import { u53 } from './numbers.js';

const { array, blob, bool, f64, field, rest, struct, text, union, unit, variant } = codec;
const { u8, u16, u32, u64, u128 } = codec;

const time = field(u53, 'Wall time, microseconds.');
const write = field(u53, 'Number of the write.');
const whose = {
  node: field(u8, 'Node.'),
  group: field(u64, 'Group.'),
} as const;

const proposal = struct('RecordedProposal', {
  token: field(f64, 'Comes back in the outcome; may be negative.'),
  isServers: field(bool, 'The server itself asks.'),
  operation: field(u16, 'Operation.'),
  client: field(u128, 'Client.'),
  session: field(u53, 'Session.'),
  request: field(u64, 'Request number.'),
  requestChecksum: field(u128, 'Checksum of the request; 0 = not stamped.'),
  release: field(u32, 'Release of the request.'),
  userId: field(u32, 'Acting user.'),
  isUrgent: field(bool, 'The commit is told before the answer.'),
  body: field(rest(), 'As it enters the log; secrets are hashed before.'),
});

/** What a replica is told. */
const replicaInputs = once(() => ({
  tick: variant(1, struct('RecordedTick', { now: time })),
  frame: variant(
    2,
    struct('RecordedFrame', {
      now: time,
      from: field(u8, 'The sending end; 255 = not known.'),
      frame: field(rest(), 'Header and body.'),
    }),
  ),
  propose: variant(3, struct('RecordedPropose', { now: time, proposal: field(proposal, '') })),
  'journal-done': variant(
    4,
    struct('RecordedJournalDone', {
      write,
      result: field(u8, '0 ok, 1 append failed, 2 sync failed.'),
    }),
  ),
  'superblock-done': variant(
    5,
    struct('RecordedSuperblockDone', { write, ok: field(bool, 'Whether it is durable.') }),
  ),
  'snapshot-done': variant(
    6,
    struct('RecordedSnapshotDone', { write, ok: field(bool, 'Whether it is durable.') }),
  ),
  read: variant(7, struct('RecordedRead', { now: time, token: field(f64, 'Comes back.') })),
  'step-down': variant(8, struct('RecordedStepDown', { now: time })),
  links: variant(9, struct('RecordedLinks', { up: field(u32, 'Bit per replica.') })),
  flushed: variant(10, struct('RecordedFlushed', { op: field(u53, 'Synced up to here.') })),
  'persist-frontier': variant(
    11,
    struct('RecordedPersistFrontier', { token: field(f64, 'Comes back.') }),
  ),
  installed: variant(12, struct('RecordedInstalled', { ok: field(bool, 'In place.') })),
  removed: variant(13, unit),
}));

/** What the machine of a partition is told besides. */
const machineInputs = once(() => ({
  update: variant(64, struct('RecordedUpdate', partitionStateFields)),
  'effect-done': variant(
    65,
    struct('RecordedEffectDone', {
      id: field(u53, 'Number of the effect.'),
      ok: field(bool, 'Whether it was carried out.'),
    }),
  ),
  trim: variant(66, unit),
  clean: variant(67, struct('RecordedClean', { now: time })),
  flush: variant(68, unit),
  'drop-groups': variant(
    69,
    struct('RecordedDropGroups', {
      groups: field(array(u32, u32), 'Ids of deleted groups.'),
      isSwept: field(bool, 'By the sweep that looks for what was left behind.'),
    }),
  ),
  'prepare-stop': variant(70, unit),
  'apply-locally': variant(
    71,
    struct('RecordedApplyLocally', {
      operation: field(u16, 'Operation.'),
      body: field(blob(u32), 'Body of the request.'),
    }),
  ),
}));

/** What is about the chapter. */
const chapterRecords = once(() => ({
  begin: variant(128, begin),
  digest: variant(
    129,
    struct('RecordedDigest', {
      ...whose,
      input: field(u53, 'Number of the input it was taken after.'),
      state: field(u64, 'Of what the replica knows of its log, view and writes.'),
      sessions: field(u64, 'Of the client table.'),
      machine: field(u64, 'Of the state machine.'),
      effects: field(u64, 'Of everything the replica asked for so far.'),
    }),
  ),
  end: variant(130, struct('RecordedEnd', whose)),
  unrecorded: variant(
    131,
    struct('RecordedLack', {
      ...whose,
      isEncrypted: field(bool, 'Messages are encrypted at rest; they would be in clear here.'),
      bytes: field(u53, 'Bytes of files, which are too many.'),
    }),
  ),
  'store-failed': variant(
    132,
    struct('RecordedStoreFailure', {
      input: field(u53, 'The input under way.'),
      call: field(u53, 'Which append or read of that input it was, from 0.'),
      isRead: field(bool, 'A read; else an append or a reservation.'),
      code: field(text(u8), 'Name of the error.'),
      isTorn: field(bool, 'Bytes of the append stayed behind.'),
    }),
  ),
}));

const input = once(() =>
  union('RecordedInput', u8, { ...replicaInputs(), ...machineInputs(), ...chapterRecords() }),
);

/** One thing a replica or its machine was told, or something about its chapter. */
export type RecordedInput = CodecValue<ReturnType<typeof input>>;

/** One kind of {@link RecordedInput}. */
export type RecordedKind = RecordedInput['kind'];

/** What stands behind a kind. */
export type RecordedValue<K extends RecordedKind> =
  Extract<RecordedInput, { kind: K }> extends { readonly value: infer V } ? V : undefined;

/** One record of a recording. Made when it is first used: most programs never are. */
export const inputRecord = once(() =>
  struct('InputRecord', {
    chapter: field(u32, 'The life of a replica it belongs to.'),
    input: field(input(), 'What was told.'),
  }),
);
