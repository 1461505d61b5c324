import { emptyBytes } from '../../base/index.js';
import type { JournalResult, Proposal, ReplicaEvent } from '../../consensus/index.js';
import type { RecordedInput, RecordedValue } from '../../wire/index.js';

/** A sender that is not known. */
const nobody = 255;

const results: readonly JournalResult[] = ['ok', 'append-failed', 'sync-failed'];

/** The bytes that stand at the end of the record of an event. */
export function tailOfEvent(event: ReplicaEvent): Uint8Array | undefined {
  if (event.kind === 'frame') return event.frame;
  return event.kind === 'propose' ? event.proposal.body : undefined;
}

/** An event of a replica as it is recorded, without its {@link tailOfEvent}. */
export function recordedEvent(event: ReplicaEvent): RecordedInput {
  switch (event.kind) {
    case 'frame': {
      const { kind, now, from = nobody } = event;
      return { kind, value: { now, from, frame: emptyBytes } };
    }
    case 'propose': {
      const { source, release = 0, isUrgent = false, ...rest } = event.proposal;
      const isServers = source === 'server';
      const proposal = { ...rest, release, isUrgent, isServers, body: emptyBytes };
      return { kind: 'propose', value: { now: event.now, proposal } };
    }
    case 'journal-done': {
      const { kind, write, result } = event;
      return { kind, value: { write, result: results.indexOf(result) } };
    }
    case 'removed':
      return { kind: 'removed' };
    case 'tick':
    case 'step-down':
      return { kind: event.kind, value: event };
    case 'superblock-done':
    case 'snapshot-done':
      return { kind: event.kind, value: event };
    case 'read':
      return { kind: 'read', value: event };
    case 'links':
      return { kind: 'links', value: event };
    case 'flushed':
      return { kind: 'flushed', value: event };
    case 'persist-frontier':
      return { kind: 'persist-frontier', value: event };
    case 'installed':
      return { kind: 'installed', value: event };
  }
}

/** The event that was recorded, with bytes of its own; nothing when it is no event of a replica. */
export function eventOfRecord(input: RecordedInput): ReplicaEvent | undefined {
  switch (input.kind) {
    case 'frame': {
      const { frame, now, from } = input.value;
      const sender = from === nobody ? {} : { from };
      return { kind: 'frame', frame: frame.slice(), now, ...sender };
    }
    case 'propose':
      return {
        kind: 'propose',
        now: input.value.now,
        proposal: proposalOf(input.value.proposal),
      };
    case 'journal-done': {
      const { write, result } = input.value;
      return { kind: 'journal-done', write, result: results[result] ?? 'sync-failed' };
    }
    case 'removed':
      return { kind: 'removed' };
    case 'tick':
    case 'step-down':
      return { kind: input.kind, now: input.value.now };
    case 'superblock-done':
    case 'snapshot-done':
      return { kind: input.kind, ...input.value };
    case 'read':
      return { kind: 'read', ...input.value };
    case 'links':
      return { kind: 'links', ...input.value };
    case 'flushed':
      return { kind: 'flushed', ...input.value };
    case 'persist-frontier':
      return { kind: 'persist-frontier', ...input.value };
    case 'installed':
      return { kind: 'installed', ...input.value };
    default:
      return undefined;
  }
}

function proposalOf(recorded: RecordedValue<'propose'>['proposal']): Proposal {
  const { isServers, body, ...rest } = recorded;
  return { ...rest, source: isServers ? 'server' : 'client', body: body.slice() };
}
