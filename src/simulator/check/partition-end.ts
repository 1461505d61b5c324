import { getU32, getU64Number } from '../../base/index.js';
import {
  type ReferenceBatch,
  readReferenceBatch,
  referenceBatchLength,
} from '../model/reference-partition.js';
import { consumerIds } from '../world/partition-user.js';
import { judgePoll } from './partition-poll.js';
import type { PartitionRecord } from './partition-record.js';
import type { RunningPartition } from './partition-watch.js';
import type { Violation } from './verdict.js';

/** What may lawfully be missing, and who may know a message that does not belong here. */
export interface EndFacts {
  /** Sealed segments up to this offset were to go; 0 = none. */
  readonly deletedUpTo: number;
  readonly mayExpire: boolean;
  /** A file that held an offset rotted, and is as good as never written. */
  readonly mayLackOffsets?: boolean;
  holder(id: bigint): PartitionRecord | undefined;
}

/** What is read of a replica. */
export interface ReadReplica {
  readonly machine: Pick<RunningPartition['machine'], 'poll' | 'storedOffset'>;
}

const reader = { consumerKind: 'consumer', consumer: 0xffff_fff0, autoCommit: false } as const;
const perPoll = 100;
const headerBytes = 16;
/** Behind the header of a batch, in its first message: how far that is from the base offset. */
const firstDeltaAt = 256 + 24;

/** Reads everything a replica has and compares it with the record: D1, D2, D5, D6, S20. */
export function compareReplica(
  record: PartitionRecord,
  host: ReadReplica,
  facts: EndFacts,
): Violation | undefined {
  const { reference } = record;
  const { machine } = host;
  let next = 0;
  let first = -1;
  let said = 0;
  for (;;) {
    const asked = { strategy: 'offset', value: next, count: perPoll } as const;
    const start = { strategy: 'offset', value: BigInt(next) } as const;
    const { body } = machine.poll({ ...reader, start, count: perPoll });
    said = getU64Number(body, 4);
    if (body.length === headerBytes) break;
    const batches = batchesOf(body);
    const found =
      judgePoll(record, body, asked, {
        holder: facts.holder,
        oldest: () => (first < 0 ? Number.POSITIVE_INFINITY : first),
      }) ?? differentBytes(record, batches);
    if (found !== undefined) return found;
    if (first < 0) first = batches[0]?.base ?? 0;
    const last = batches.at(-1);
    if (last === undefined) break;
    if (reference.batchOf(last.base) !== undefined) next = endOf(last);
  }
  const bad = (invariant: string, detail: string): Violation => ({ class: 'D', invariant, detail });
  if (record.hasLost) return undefined;
  const isAllGone = facts.mayExpire || reference.next - 1 <= facts.deletedUpTo;
  // Nothing is left to read; what comes next still follows from what was there.
  if (first < 0 && isAllGone && reference.batches.length > 0) next = said + 1;
  if (next !== reference.next && !(next === 0 && reference.batches.length === 0)) {
    return bad('D1', `a replica ends at offset ${next}, committed is ${reference.next}`);
  }
  const oldest = reference.batches[0]?.base ?? 0;
  const isTrimmed = first > oldest && !facts.mayExpire && first - 1 > facts.deletedUpTo;
  if (isTrimmed) return bad('D1', `offsets ${oldest} to ${first - 1} are missing`);
  return facts.mayLackOffsets === true ? undefined : compareOffsets(record, host);
}

/** First offset that a replica still has. */
export function oldestOf({ machine }: ReadReplica): number {
  const { body } = machine.poll({ ...reader, start: { strategy: 'offset', value: 0n }, count: 1 });
  const [batch] = batchesOf(body);
  return batch?.first ?? 0;
}

/** D6: offsets that a quorum acknowledged are there, and none that was deleted. */
function compareOffsets(record: PartitionRecord, host: ReadReplica): Violation | undefined {
  const { offsets } = record.reference;
  const { quorum, auto, each } = consumerIds;
  for (let i = 0; i < each; i++) {
    const exact = host.machine.storedOffset('consumer', quorum + i);
    const expected = offsets.get(`1/${quorum + i}`) ?? -1;
    const atLeast = offsets.get(`1/${auto + i}`) ?? -1;
    const found = host.machine.storedOffset('consumer', auto + i);
    if (exact === expected && found >= atLeast) continue;
    const [key, is, was] =
      exact === expected ? [auto + i, found, atLeast] : [quorum + i, exact, expected];
    const detail = `consumer ${key} has stored ${was}, a replica says ${is}`;
    return { class: 'D', invariant: 'D6', detail };
  }
  return undefined;
}

/** S20: whole batches are byte-identical. */
function differentBytes(
  record: PartitionRecord,
  batches: readonly PolledBatch[],
): Violation | undefined {
  for (const batch of batches) {
    const known = record.reference.batchOf(batch.base);
    if (known?.messages.length !== batch.messages.length || known.digest === batch.digest) continue;
    const detail = `the batch at offset ${batch.base} has other bytes than were committed`;
    return { class: 'S', invariant: 'S20', detail };
  }
  return undefined;
}

/** A batch as a poll gives it: perhaps without its first messages. */
interface PolledBatch extends ReferenceBatch {
  /** Offset of its first message that is there. */
  readonly first: number;
}

function batchesOf(body: Uint8Array): readonly PolledBatch[] {
  const batches: PolledBatch[] = [];
  for (let at = headerBytes; at < body.length; at += referenceBatchLength(body, at)) {
    const { op, base, timestamp, messages, digest } = readReferenceBatch(body, at, 0, true);
    const first = base + getU32(body, at + firstDeltaAt);
    batches.push({ op, base, timestamp, messages, digest, first });
  }
  return batches;
}

/** Offset behind the last message of a batch. */
function endOf({ first, messages }: PolledBatch): number {
  return first + messages.length;
}
