import { getU32, getU64Number } from '../../base/index.js';
import {
  findBatch,
  type ReferenceBatch,
  readReferenceBatch,
  referenceBatchLength,
} from '../model/reference-partition.js';
import type { PartitionRecord } from './partition-record.js';
import type { Violation } from './verdict.js';

/** What a client asked for. */
export interface PollAsked {
  readonly strategy: 'offset' | 'timestamp' | 'first' | 'last' | 'next';
  readonly value: number;
  readonly count: number;
}

interface Polled {
  readonly offset: number;
  readonly id: bigint;
  readonly digest: number;
  readonly timestamp: number;
}

const headerBytes = 16;
const batchHeaderBytes = 256;
/** Offset of `offset_delta` in a message. */
const deltaAt = 24;

/** What the reply alone does not say. */
export interface PollFacts {
  /** The partition that holds a message, for one that does not belong here. */
  holder(id: bigint): PartitionRecord | undefined;
  /** First offset that the replica still has: old segments may be gone. 0 if absent. */
  oldest?(): number;
}

/** Judges one poll reply as it leaves a node, against the record of the partition it is about. */
export function judgePoll(
  record: PartitionRecord,
  payload: Uint8Array,
  asked: PollAsked | undefined,
  facts: PollFacts,
): Violation | undefined {
  const currentOffset = getU64Number(payload, 4);
  const said = getU32(payload, 12);
  const messages = readPolled(payload);
  const bad = (invariant: string, detail: string): Violation => ({
    class: 'D',
    invariant,
    detail,
  });
  if (said !== messages.length) return bad('D5', `a poll says ${said}, has ${messages.length}`);
  const generation = generationOf(record, messages[0]);
  for (const [i, message] of messages.entries()) {
    const { offset, id } = message;
    const batch = generation === undefined ? undefined : findBatch(generation, offset);
    const known = batch?.messages[offset - batch.base];
    if (known?.id !== id || known.digest !== message.digest) {
      return misplaced(record, message, facts);
    }
    if (batch?.timestamp !== message.timestamp)
      return bad('D2', `offset ${offset} changed its time`);
    const before = messages[i - 1];
    if (before !== undefined && offset !== before.offset + 1 && !isGap(record, before.offset)) {
      return bad('D3', `a poll goes from offset ${before.offset} to ${offset}`);
    }
    if (offset > currentOffset) return bad('D7', `offset ${offset} is above ${currentOffset}`);
  }
  if (asked === undefined) return undefined;
  return judgeRange(record, messages, { ...facts, asked, currentOffset });
}

/** Where a reply begins and ends is what the strategy says. */
function judgeRange(
  record: PartitionRecord,
  messages: readonly Polled[],
  about: PollFacts & { readonly asked: PollAsked; readonly currentOffset: number },
): Violation | undefined {
  const { asked, currentOffset } = about;
  const [first] = messages;
  const bad = (detail: string): Violation => ({
    class: 'D',
    invariant: 'D1',
    detail: `poll ${asked.strategy} ${asked.value} × ${asked.count} at ${currentOffset}: ${detail}`,
  });
  if (messages.length > asked.count) return bad(`${messages.length} messages`);
  if (first === undefined) return undefined;
  const last = messages.at(-1);
  // A poll ends early where offsets jump; the next one goes on behind the gap.
  const isShort = messages.length < asked.count && last?.offset !== currentOffset;
  if (isShort && !record.hasLost) {
    return bad(`it ends at ${last?.offset} with ${messages.length} messages`);
  }
  switch (asked.strategy) {
    case 'offset':
      return first.offset < asked.value || isSkipping(record, messages, about)
        ? bad(`it begins at ${first.offset}`)
        : undefined;
    case 'timestamp': {
      if (first.timestamp < asked.value) return bad(`it begins at time ${first.timestamp}`);
      const below = record.reference.batchOf(first.offset - 1);
      const isLate = below !== undefined && below.timestamp >= asked.value;
      if (!isLate || !isPresent(record, messages)) return undefined;
      return first.offset > (about.oldest?.() ?? 0) ? bad('it begins too late') : undefined;
    }
    case 'last':
      return last?.offset === currentOffset ? undefined : bad(`it ends at ${last?.offset}`);
    default:
      return undefined;
  }
}

/** Whether a poll passes over what it was asked for, although the replica still has it. */
function isSkipping(
  record: PartitionRecord,
  messages: readonly Polled[],
  { asked, oldest }: PollFacts & { readonly asked: PollAsked },
): boolean {
  const first = messages[0]?.offset ?? 0;
  if (first <= asked.value || record.hasLost || !isPresent(record, messages)) return false;
  const isKnown = record.reference.batchOf(asked.value) !== undefined;
  return isKnown && oldest !== undefined && first > Math.max(asked.value, oldest());
}

/** Whether the first message is of the present generation. */
function isPresent({ reference }: PartitionRecord, messages: readonly Polled[]): boolean {
  const [first] = messages;
  return (
    first !== undefined &&
    reference.batchOf(first.offset)?.messages.some(({ id }) => id === first.id) === true
  );
}

function misplaced(
  record: PartitionRecord,
  { offset, id, digest }: Polled,
  { holder }: PollFacts,
): Violation {
  const name = `message ${id.toString(16)} at offset ${offset}`;
  const owner = holder(id);
  if (owner !== undefined && owner !== record) {
    const { group, revision } = owner.place;
    const detail = `${name} was served, which belongs to ${group}/${revision}`;
    return { class: 'D', invariant: 'D8', detail };
  }
  const copies = record.reference.copies.get(id) ?? 0;
  if (copies === 0) {
    return { class: 'D', invariant: 'D7', detail: `${name} was served and is not committed` };
  }
  const detail = `${name} was served, other content was committed there (digest ${digest})`;
  return { class: 'D', invariant: 'D2', detail };
}

/** The generation that the reply is from: replicas come to purges one after the other. */
function generationOf(
  { reference }: PartitionRecord,
  first: Polled | undefined,
): readonly ReferenceBatch[] | undefined {
  if (first === undefined) return reference.batches;
  const generations = reference.generations();
  for (let i = generations.length - 1; i >= 0; i--) {
    const batches = generations[i] ?? [];
    const batch = findBatch(batches, first.offset);
    if (batch?.messages[first.offset - batch.base]?.id === first.id) return batches;
  }
  return reference.batches;
}

/** Offsets may jump where messages were lost that nobody promised to keep. */
function isGap(record: PartitionRecord, offset: number): boolean {
  return record.hasLost && offset < record.reference.next;
}

function readPolled(payload: Uint8Array): readonly Polled[] {
  const polled: Polled[] = [];
  for (let start = headerBytes; start < payload.length; ) {
    const { base, timestamp, messages } = readReferenceBatch(payload, start);
    const delta = getU32(payload, start + batchHeaderBytes + deltaAt);
    messages.forEach((message, i) => {
      polled.push({ offset: base + delta + i, timestamp, ...message });
    });
    start += referenceBatchLength(payload, start);
  }
  return polled;
}
