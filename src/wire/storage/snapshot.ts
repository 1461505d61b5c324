import { invalid } from '../errors.js';
import {
  type Codec,
  decode,
  encode,
  field,
  type Reader,
  type StructValue,
  struct,
} from '../schema/index.js';
import {
  forms,
  head,
  packedBytes,
  packedOption,
  packedText,
  packedU32,
  packedU64,
  skipPacked,
  writeLength,
} from './msgpack/index.js';
import {
  type SnapshotRetired,
  type SnapshotRing,
  snapshotClientTable,
  snapshotRetired,
  snapshotRings,
} from './snapshot-sessions.js';
import { snapshotStreams } from './snapshot-streams.js';
import { snapshotUsers } from './snapshot-users.js';

/** The only version of the snapshot payload that is known. */
export const snapshotVersion = 3;

const officialShape = {
  version: field(packedU32, 'Version of the payload; 3.'),
  created_at: field(packedU64, 'Time of the entry at the snapshot op, microseconds.'),
  sequence_number: field(packedU64, 'Snapshot op: the last one whose effects are included.'),
  users: field(packedOption(snapshotUsers), 'Users and tokens.'),
  streams: field(packedOption(snapshotStreams), 'Streams and all below.'),
  client_table: field(packedOption(snapshotClientTable), 'Sessions.'),
  writer_release: field(packedU32, 'Release of the program that wrote it.'),
} as const;
const official = struct('Snapshot', officialShape);

/** What our snapshots carry beyond those of official servers. */
export interface SnapshotExtension {
  readonly next_user_id: number;
  /** Prepare header of the entry at the snapshot op, `view` 0; `null` when there is none. */
  readonly commit_header: Uint8Array | null;
  /** In slot order. */
  readonly sessions: readonly SnapshotRing[];
  /** By latest commit, then client id. */
  readonly retired: readonly SnapshotRetired[];
}

/** The payload of `snapshot.bin`. */
export interface Snapshot extends StructValue<typeof officialShape> {
  /** `null` in files of official servers. */
  readonly extension: SnapshotExtension | null;
}

const officialLength = Object.keys(officialShape).length;
const extensionDoc = 'Our additions.';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type Part = Partial<Mutable<SnapshotExtension>>;

function readPart(reader: Reader, key: string, part: Part): void {
  switch (key) {
    case 'next_user_id':
      part.next_user_id = reader.field(key, packedU32, 'Id of the next user.');
      break;
    case 'commit_header':
      part.commit_header = reader.field(key, packedBytes, 'Header of the entry at the op.');
      break;
    case 'sessions':
      part.sessions = reader.field(key, snapshotRings, 'Reply rings in slot order.');
      break;
    case 'retired':
      part.retired = reader.field(key, snapshotRetired, 'Sessions pushed out of the table.');
      break;
    default:
      reader.field(key, skipPacked, 'Not known; ignored.');
  }
}

const extension: Codec<SnapshotExtension> = {
  type: 'SnapshotExtension',
  size: undefined,
  minSize: 1,
  composite: true,
  shape: { kind: 'custom', note: 'map with text keys' },
  read(reader) {
    const part: Part = {};
    const length = head(reader, forms.map);
    for (let i = 0; i < length; i++) {
      readPart(reader, reader.field(`key[${i}]`, packedText, 'Name of an addition.'), part);
    }
    const { next_user_id, commit_header = null, sessions, retired } = part;
    if (next_user_id === undefined || sessions === undefined || retired === undefined) {
      throw invalid('the snapshot extension lacks a part');
    }
    if (commit_header !== null && commit_header.length !== 256) {
      throw invalid(`a commit header has 256 bytes, not ${commit_header.length}`);
    }
    return { next_user_id, commit_header, sessions, retired };
  },
  write(writer, value) {
    const { commit_header: header } = value;
    writeLength(writer, forms.map, header === null ? 3 : 4);
    packedText.write(writer, 'next_user_id');
    packedU32.write(writer, value.next_user_id);
    if (header !== null) {
      packedText.write(writer, 'commit_header');
      packedBytes.write(writer, header);
    }
    packedText.write(writer, 'sessions');
    snapshotRings.write(writer, value.sessions);
    packedText.write(writer, 'retired');
    snapshotRetired.write(writer, value.retired);
  },
};

/**
 * The payload of `snapshot.bin`, ours or an official server's: a MessagePack array of 7 elements,
 * or 8 with our additions. @source Iggy metadata snapshot, version 3
 */
export const snapshot: Codec<Snapshot> = {
  type: 'Snapshot',
  size: undefined,
  minSize: 1 + official.minSize,
  composite: true,
  shape: { kind: 'custom', note: 'array of 7 or 8 elements' },
  read(reader) {
    const length = head(reader, forms.array);
    if (length !== officialLength && length !== officialLength + 1) {
      throw invalid(`a snapshot has 7 or 8 elements, found ${length}`);
    }
    const parts = official.read(reader);
    checkVersion(parts.version);
    const added =
      length === officialLength ? null : reader.field('extension', extension, extensionDoc);
    return { ...parts, extension: added };
  },
  write(writer, value) {
    checkVersion(value.version);
    const added = value.extension;
    writeLength(writer, forms.array, officialLength + (added === null ? 0 : 1));
    official.write(writer, value);
    if (added !== null) extension.write(writer, added);
  },
};

/**
 * The bytes of a snapshot payload, without the file's trailer. @throws WireError
 * @param expected how many there were the last time
 */
export function encodeSnapshot(value: Snapshot, expected = 0): Uint8Array {
  return encode(snapshot, value, expected + (expected >>> 3));
}

/** The content of a snapshot payload. Replies alias it. @throws WireError */
export function decodeSnapshot(payload: Uint8Array): Snapshot {
  return decode(snapshot, payload);
}

function checkVersion(version: number): void {
  if (version !== snapshotVersion) {
    throw invalid(`snapshot version ${version} is not known, only ${snapshotVersion}`, { version });
  }
}
