import { basename, join } from 'node:path';
import { prepareView } from '../../wire/index.js';
import { hex128 } from '../output/wire-values.js';
import { dataFiles, requireFolder } from './data-files.js';
import { opOf } from './journal-entries.js';
import { isFile, OpenedFile } from './opened-file.js';
import { readSnapshot } from './read-snapshot.js';
import { findSlots, winnerOf } from './superblock-slots.js';
import { JournalWalk } from './walk-journal.js';
import { walkSegment } from './walk-segment.js';

/** Where two replicas say different things about the same place. */
export interface Divergence {
  readonly [key: string]: string | null | Readonly<Record<string, string>>;
  readonly where: string;
  readonly what: string;
  readonly values: Readonly<Record<string, string>>;
}

/** What the files of one replica say about its metadata log. */
export interface ReplicaFacts {
  readonly directory: string;
  readonly view: number | null;
  readonly commit: number;
  readonly firstOp: number | null;
  readonly lastOp: number | null;
  readonly snapshotOp: number | null;
  readonly snapshotChecksum: string | null;
}

interface Log {
  readonly commit: number;
  readonly checksums: ReadonlyMap<number, bigint>;
}

/** Compares what is committed on all of the replicas; entries above that may still change. */
export function compareNodes(directories: readonly string[]) {
  directories.forEach(requireFolder);
  const logs = directories.map((each) => readLog(each, 'metadata'));
  const facts = directories.map((each, at) => factsOf(each, logs[at]));
  const first =
    snapshotDivergence(facts) ??
    logDivergence(directories, logs, 'metadata/journal.wal') ??
    partitionDivergence(directories);
  return { facts, first };
}

function readLog(directory: string, group: string): Log {
  const path = join(directory, group, 'journal.wal');
  const checksums = new Map<number, bigint>();
  let commit = superblockOf(join(directory, group))?.commitMax ?? 0;
  if (!isFile(path)) return { commit, checksums };
  OpenedFile.with(path, (file) => {
    for (const item of new JournalWalk(file).items()) {
      if (item.kind !== 'entry') continue;
      const op = opOf(item.bytes);
      if (op < 0 || item.frame === 'mismatch') continue;
      checksums.set(op, prepareView.checksum(item.bytes));
      commit = Math.max(commit, commitOf(item.bytes));
    }
  });
  return { commit, checksums };
}

function commitOf(header: Uint8Array): number {
  try {
    return prepareView.commit(header);
  } catch {
    return 0;
  }
}

function superblockOf(folder: string) {
  const hasOne = ['superblock.a', 'superblock.b'].some((name) => isFile(join(folder, name)));
  return hasOne ? winnerOf(findSlots(folder))?.slot?.record : undefined;
}

function factsOf(directory: string, log: Log | undefined): ReplicaFacts {
  const ops = [...(log?.checksums.keys() ?? [])];
  const path = join(directory, 'metadata', 'snapshot.bin');
  const snapshot = isFile(path) ? readSnapshot(path) : undefined;
  return {
    directory,
    view: superblockOf(join(directory, 'metadata'))?.view ?? null,
    commit: log?.commit ?? 0,
    firstOp: ops.length === 0 ? null : ops.reduce((a, b) => Math.min(a, b)),
    lastOp: ops.length === 0 ? null : ops.reduce((a, b) => Math.max(a, b)),
    snapshotOp: snapshot?.content === undefined ? null : Number(snapshot.content.sequence_number),
    snapshotChecksum: snapshot === undefined ? null : hex128(snapshot.checksum),
  };
}

/** Snapshots of the same op are the same, byte by byte. */
function snapshotDivergence(facts: readonly ReplicaFacts[]): Divergence | undefined {
  for (const one of facts) {
    const other = facts.find(
      ({ snapshotOp, snapshotChecksum }) =>
        snapshotOp !== null &&
        snapshotOp === one.snapshotOp &&
        snapshotChecksum !== one.snapshotChecksum,
    );
    if (other === undefined) continue;
    return {
      where: 'metadata/snapshot.bin',
      what: `checksum of the snapshot at op ${one.snapshotOp}`,
      values: {
        [one.directory]: one.snapshotChecksum ?? '',
        [other.directory]: other.snapshotChecksum ?? '',
      },
    };
  }
  return undefined;
}

function logDivergence(
  directories: readonly string[],
  logs: readonly Log[],
  where: string,
): Divergence | undefined {
  const ops = new Set(logs.flatMap(({ checksums }) => [...checksums.keys()]));
  for (const op of [...ops].sort((a, b) => a - b)) {
    const said = logs.map(({ commit, checksums }) =>
      op <= commit ? checksums.get(op) : undefined,
    );
    const known = said.filter((checksum) => checksum !== undefined && checksum !== 0n);
    if (new Set(known).size <= 1) continue;
    const values = Object.fromEntries(
      directories.flatMap((directory, at) => {
        const checksum = said[at];
        return checksum === undefined ? [] : [[directory, hex128(checksum)]];
      }),
    );
    return { where, what: `checksum of the committed entry with op ${op}`, values };
  }
  return undefined;
}

/** Partitions that at least two of the directories have. */
function partitionDivergence(directories: readonly string[]): Divergence | undefined {
  const places = new Map<string, string[]>();
  for (const directory of directories) {
    for (const { name, kind } of dataFiles(directory)) {
      if (kind !== 'superblock' && kind !== 'segment' && kind !== 'journal') continue;
      const place = name.slice(0, Math.max(0, name.lastIndexOf('/')));
      if (!place.includes('partitions/') || place.includes('.fenced.')) continue;
      const holders = places.get(place) ?? [];
      if (!holders.includes(directory)) holders.push(directory);
      places.set(place, holders);
    }
  }
  for (const [place, holders] of places) {
    const logs = holders.map((directory) => readLog(directory, place));
    const found =
      logDivergence(holders, logs, `${place}/journal.wal`) ?? segmentDivergence(holders, place);
    if (found !== undefined) return found;
  }
  return undefined;
}

interface Batches {
  readonly directory: string;
  /** Checksum of each batch by its base offset. */
  readonly byOffset: ReadonlyMap<number, string>;
}

function segmentDivergence(holders: readonly string[], place: string): Divergence | undefined {
  const [reference, ...others] = holders.map((directory) => batchesOf(directory, place));
  if (reference === undefined) return undefined;
  for (const other of others) {
    for (const [offset, batch] of reference.byOffset) {
      const theirs = other.byOffset.get(offset);
      if (theirs === undefined || theirs === batch) continue;
      return {
        where: place,
        what: `batch at offset ${offset}`,
        values: { [reference.directory]: batch, [other.directory]: theirs },
      };
    }
  }
  return undefined;
}

function batchesOf(directory: string, place: string): Batches {
  const byOffset = new Map<number, string>();
  for (const { path, kind } of dataFiles(join(directory, place))) {
    if (kind !== 'segment') continue;
    OpenedFile.with(path, (file) => {
      for (const item of walkSegment(file)) {
        if (item.kind !== 'batch' || item.problem !== undefined) continue;
        const { baseOffset, messageCount, checksum } = item.header;
        const sum = checksum.toString(16).padStart(16, '0');
        byOffset.set(baseOffset, `${messageCount} messages, checksum 0x${sum}`);
      }
    });
  }
  return { directory, byOffset };
}

/** A short name for a directory among the others. */
export function shortName(directory: string, all: readonly string[]): string {
  const base = basename(directory);
  return all.filter((each) => basename(each) === base).length === 1 ? base : directory;
}
