import {
  decodeSnapshot,
  encodeSnapshot,
  type Snapshot,
  snapshotVersion,
} from '../../../wire/index.js';
import { MetadataState } from '../state/metadata-state.js';
import { readStreams } from './read-streams.js';
import { readUsers } from './read-users.js';
import { readSessions, writeClientTable, writeSessionExtension } from './sessions.js';
import type { CheckpointContents } from './snapshot-contents.js';
import { SnapshotError, smallNumber } from './snapshot-error.js';
import { writeStreams } from './write-streams.js';
import { writeUsers } from './write-users.js';

/** Release of snapshots written by this version of the program. */
const writerRelease = 1;

/**
 * The payload of `snapshot.bin`. It depends on the applied log and the given contents only, so
 * checkpoints of one op are byte-identical on all replicas.
 * @param expectedBytes size of the one before, to make room for
 * @source Iggy metadata snapshot, version 3
 */
export function encodeMetadata(
  state: MetadataState,
  contents: CheckpointContents,
  expectedBytes = 0,
): Uint8Array {
  const { op, timestamp, commitHeader, sessions } = contents;
  const value = {
    version: snapshotVersion,
    created_at: BigInt(timestamp),
    sequence_number: BigInt(op),
    users: writeUsers(state),
    streams: writeStreams(state),
    client_table: writeClientTable(sessions),
    writer_release: writerRelease,
    extension: {
      next_user_id: state.users.nextId,
      commit_header: commitHeader ?? null,
      ...writeSessionExtension(sessions),
    },
  };
  return encodeSnapshot(value, expectedBytes);
}

/** A payload read: a new state, and what does not belong to it. */
export interface RestoredMetadata {
  readonly state: MetadataState;
  readonly contents: CheckpointContents;
}

/** @throws WireError, SNAPSHOT_INVALID */
export function decodeMetadata(payload: Uint8Array): RestoredMetadata {
  const value = decodeSnapshot(payload);
  const state = new MetadataState();
  if (value.users !== null) readUsers(state, value.users);
  if (value.streams !== null) readStreams(state, value.streams);
  if (value.extension !== null) state.users.reserveIds(value.extension.next_user_id);
  if (state.users.get(0) === undefined) throw new SnapshotError('a snapshot without root user');
  return { state, contents: contentsOf(value) };
}

function contentsOf(value: Snapshot): CheckpointContents {
  const header = value.extension?.commit_header ?? null;
  return {
    op: smallNumber(value.sequence_number, 'sequence_number'),
    timestamp: smallNumber(value.created_at, 'created_at'),
    // Kept longer than the payload, which can be large.
    ...(header === null ? {} : { commitHeader: header.slice() }),
    sessions: readSessions(value),
  };
}
