import { join, relative } from 'node:path';
import { CliError } from '../cli-error.js';
import { isFile, isFolder, namesIn, OpenedFile } from './opened-file.js';

type FileKind =
  | 'journal'
  | 'superblock'
  | 'snapshot'
  | 'segment'
  | 'index'
  | 'offset'
  | 'purge'
  | 'joining'
  | 'temporary'
  | 'other';

/** A file of a data directory. */
export interface DataFile {
  readonly path: string;
  /** From the directory that was named. */
  readonly name: string;
  readonly kind: FileKind;
  readonly size: number;
}

/** Folders of a cluster's data directory, one per node. */
const nodeFolder = /^node-\d+$/;

/** The nodes in a data directory: its folders `node-N`, or the directory itself. */
export function nodesIn(directory: string): readonly string[] {
  requireFolder(directory);
  const nodes = namesIn(directory).filter(
    (name) => nodeFolder.test(name) && isFolder(join(directory, name)),
  );
  return nodes.length === 0 ? [directory] : nodes.map((name) => join(directory, name));
}

/** @throws CliError E_IO, E_NOT_FOUND */
export function requireFolder(path: string): void {
  if (isFolder(path)) return;
  if (isFile(path)) {
    throw new CliError('E_IO', `${path} is a file, not a folder`, {
      hint: 'name the data directory, or inspect the file by its kind: wal, segment, snapshot …',
    });
  }
  throw new CliError('E_IO', `cannot read ${path}: there is no such folder`, {
    hint: 'iggyctl cluster list shows where the data of local clusters is',
  });
}

/** Every file below a folder, in order of the names. */
export function* dataFiles(directory: string, root = directory): Generator<DataFile> {
  for (const name of namesIn(directory)) {
    const path = join(directory, name);
    if (isFolder(path)) yield* dataFiles(path, root);
    else if (isFile(path)) {
      const short = relative(root, path);
      const size = OpenedFile.with(path, (file) => file.size);
      yield { path, name: short, kind: kindOf(short), size };
    }
  }
}

/** What a file is, by its place. */
function kindOf(name: string): FileKind {
  const base = name.slice(name.lastIndexOf('/') + 1);
  if (/\.(tmp|staging)$/.test(base)) return 'temporary';
  if (base === 'journal.wal') return 'journal';
  if (/^superblock\.[ab]$/.test(base)) return 'superblock';
  if (base === 'snapshot.bin') return 'snapshot';
  if (base === 'purge.gen') return 'purge';
  if (base === 'joining') return 'joining';
  if (/^\d{20}\.log$/.test(base)) return 'segment';
  if (/^\d{20}\.index$/.test(base)) return 'index';
  return /(^|\/)offsets\/(consumers|groups)\/\d+$/.test(name) ? 'offset' : 'other';
}
