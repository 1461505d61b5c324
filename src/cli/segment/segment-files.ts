import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { batchHeaderSize, isWireError, readBatchHeader } from '../../wire/index.js';
import { CliError } from '../cli-error.js';
import { notFound } from '../not-found.js';
import type { Fields } from '../output/result.js';

/** Which partition of a data directory. */
export interface SegmentPlace {
  readonly streamId: number;
  readonly topicId: number;
  readonly partition: number;
}

/** One segment as it is shown. */
export interface SegmentFields extends Fields {
  readonly start_offset: bigint;
  /** Last offset; the start itself when the segment is empty. */
  readonly end_offset: bigint;
  readonly size_bytes: bigint;
  readonly messages_count: bigint;
  /** All but the last segment are closed. */
  readonly sealed: boolean;
  readonly file: string;
}

/** The directory of one node: `DIR` itself, or the node below it. @throws CliError E_NOT_FOUND */
export function nodeDirectory(dir: string, node: string | undefined): string {
  if (existsSync(join(dir, 'streams'))) return dir;
  const nodes = existsSync(dir) ? readdirSync(dir).filter((name) => /^node-\d+$/.test(name)) : [];
  const wanted = node === undefined ? nodes.sort()[0] : `node-${node}`;
  if (wanted !== undefined && existsSync(join(dir, wanted, 'streams'))) return join(dir, wanted);
  throw new CliError('E_NOT_FOUND', `${dir} is not a data directory: it holds no streams`);
}

/** The segments of a partition, oldest first. @throws CliError E_NOT_FOUND, E_IO */
export function listSegments(dir: string, place: SegmentPlace): readonly SegmentFields[] {
  const { streamId, topicId, partition } = place;
  const folder = join(
    ...[dir, 'streams', String(streamId), 'topics', String(topicId)],
    ...['partitions', String(partition)],
  );
  if (!existsSync(folder)) {
    const server = { code: 3007, name: 'partition_not_found' };
    const what = `partition ${streamId}/${topicId}/${partition} in ${dir}`;
    throw notFound(what, server, `ls ${join(dir, 'streams')}`);
  }
  const files = readdirSync(folder).filter((name) => /^\d{20}\.log$/.test(name));
  files.sort();
  return files.map((name, at) => segmentOf(join(folder, name), name, at < files.length - 1));
}

function segmentOf(file: string, name: string, sealed: boolean): SegmentFields {
  const start = BigInt(name.slice(0, 20));
  const { count, last } = walk(file);
  return {
    start_offset: start,
    end_offset: last ?? start,
    size_bytes: BigInt(statSync(file).size),
    messages_count: BigInt(count),
    sealed,
    file,
  };
}

/** Counts messages by the headers of the batches only, so that large files are quick. */
function walk(file: string): { readonly count: number; readonly last: bigint | undefined } {
  const size = statSync(file).size;
  const head = new Uint8Array(batchHeaderSize);
  let count = 0;
  let last: bigint | undefined;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(file, 'r');
    for (let at = 0; at + batchHeaderSize <= size; ) {
      if (readSync(descriptor, head, 0, head.length, at) < head.length) break;
      const { length, messageCount, baseOffset } = readBatchHeader(head);
      if (length < batchHeaderSize || messageCount === 0) break;
      count += messageCount;
      last = BigInt(baseOffset + messageCount - 1);
      at += length;
    }
  } catch (error) {
    // A damaged header ends what can be counted; `inspect segment` tells more.
    if (!isWireError(error)) throw new CliError('E_IO', `cannot read ${file}`, { cause: error });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
  return { count, last };
}
