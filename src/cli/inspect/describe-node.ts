import { basename, join } from 'node:path';
import { humanSize, type Style } from '../../render/index.js';
import { type DataFile, dataFiles } from './data-files.js';
import { isFile } from './opened-file.js';
import { findSlots, winnerOf } from './superblock-slots.js';

/** What a node's directory holds. */
export function describeNode(directory: string) {
  const files = [...dataFiles(directory)].filter(({ name }) => !/^node-\d+\//.test(name));
  const metadata = join(directory, 'metadata');
  const hasBlock = ['superblock.a', 'superblock.b'].some((name) => isFile(join(metadata, name)));
  const slot = hasBlock ? winnerOf(findSlots(metadata))?.slot : undefined;
  return {
    directory,
    replica: slot?.record.replica ?? null,
    replica_count: slot?.record.replicaCount ?? null,
    view: slot?.record.view ?? null,
    joining: files.some(({ kind }) => kind === 'joining'),
    size_bytes: files.reduce((sum, { size }) => sum + BigInt(size), 0n),
    files: files.map(({ name, kind, size }) => ({
      ...{ file: name, file_kind: kind, size_bytes: BigInt(size) },
    })),
  };
}

export type NodeDescription = ReturnType<typeof describeNode>;

/** The files as an indented tree, each folder with its size. */
export function nodeText(node: NodeDescription, style: Style): string {
  const { directory, replica, replica_count: count, view, joining, size_bytes: size } = node;
  const owner = replica === null ? 'owner unknown' : `replica ${replica} of ${count}, view ${view}`;
  const state = joining ? `${owner}, wiped and not rejoined yet` : owner;
  const head = `${style('strong', basename(directory))}  ${humanSize(size)}, ${state}`;
  return [head, ...treeLines(node.files, '', 1, style)].join('\n');
}

type Listed = NodeDescription['files'][number];

function treeLines(
  files: readonly Listed[],
  prefix: string,
  depth: number,
  style: Style,
): readonly string[] {
  const lines: string[] = [];
  const done = new Set<string>();
  const indent = '  '.repeat(depth);
  for (const { file, file_kind: kind, size_bytes: size } of files) {
    if (!file.startsWith(prefix)) continue;
    const [name = '', ...rest] = file.slice(prefix.length).split('/');
    if (rest.length === 0) {
      lines.push(`${indent}${name}  ${humanSize(size)}${kindNote(kind, style)}`);
      continue;
    }
    if (done.has(name)) continue;
    done.add(name);
    const inside = files.filter((each) => each.file.startsWith(`${prefix}${name}/`));
    const sum = inside.reduce((total, each) => total + each.size_bytes, 0n);
    lines.push(`${indent}${name}/  ${humanSize(sum)}`);
    lines.push(...treeLines(inside, `${prefix}${name}/`, depth + 1, style));
  }
  return lines;
}

function kindNote(kind: DataFile['kind'], style: Style): string {
  const notes: Partial<Record<DataFile['kind'], string>> = {
    temporary: 'left by an unfinished write',
    joining: 'the node was wiped and has not rejoined',
  };
  const note = notes[kind];
  return note === undefined ? '' : `  ${style('warn', note)}`;
}
