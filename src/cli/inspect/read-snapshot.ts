import { join } from 'node:path';
import { getU32 } from '../../base/index.js';
import {
  decodeSnapshot,
  decodeSnapshotFile,
  isWireError,
  type Snapshot,
  snapshotMagic,
  xxh3,
} from '../../wire/index.js';
import { CliError } from '../cli-error.js';
import { isFile, isFolder, OpenedFile } from './opened-file.js';

/** A snapshot file as it was found. */
export interface FoundSnapshot {
  readonly path: string;
  readonly size: number;
  /** XXH3-64 of the payload, which pairs the snapshot with a superblock. */
  readonly checksum: bigint;
  readonly trailer: 'ok' | 'none' | 'mismatch';
  /** Absent when the payload cannot be read. */
  readonly content: Snapshot | undefined;
  readonly problem: string | undefined;
}

const sizeMax = 1 << 30;
const trailerBytes = 20;

/** The snapshot file itself, or that of a node's or metadata folder. @throws CliError E_NOT_FOUND */
export function snapshotIn(path: string): string {
  if (!isFolder(path)) return path;
  const found = ['snapshot.bin', 'metadata/snapshot.bin']
    .map((name) => join(path, name))
    .find(isFile);
  if (found !== undefined) return found;
  throw new CliError('E_NOT_FOUND', `there is no snapshot in ${path}: none was taken yet`, {
    hint: `iggyctl inspect dir ${path}`,
  });
}

/** Reads a snapshot whole: its format has no parts that could be read alone. @throws CliError E_IO */
export function readSnapshot(path: string): FoundSnapshot {
  const bytes = OpenedFile.with(path, (file) => {
    if (file.size <= sizeMax) return file.read(0, file.size);
    throw new CliError('E_IO', `${path} has ${file.size} bytes; at most ${sizeMax} are read`);
  });
  const base = { path, size: bytes.length };
  const end = bytes.length - trailerBytes;
  try {
    const { payload, checksum, hasTrailer } = decodeSnapshotFile(bytes);
    const trailer = hasTrailer ? ('ok' as const) : ('none' as const);
    return { ...base, checksum, trailer, ...contentOf(payload) };
  } catch (error) {
    if (!isWireError(error)) throw error;
    const isTrailed = end >= 0 && getU32(bytes, end) === snapshotMagic;
    const payload = isTrailed ? bytes.subarray(0, end) : bytes;
    const { content } = contentOf(payload);
    const problem = error.message;
    return { ...base, checksum: xxh3(payload), trailer: 'mismatch', content, problem };
  }
}

function contentOf(payload: Uint8Array): Pick<FoundSnapshot, 'content' | 'problem'> {
  try {
    return { content: decodeSnapshot(payload), problem: undefined };
  } catch (error) {
    if (!isWireError(error)) throw error;
    return { content: undefined, problem: error.message };
  }
}
