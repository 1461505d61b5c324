import { basename, join } from 'node:path';
import { isIggyctlError } from '../../base/index.js';
import {
  annotate,
  decodeSuperblock,
  isWireError,
  prepareView,
  type SuperblockSlot,
  superblockFile,
} from '../../wire/index.js';
import { CliError } from '../cli-error.js';
import type { Field, Fields } from '../output/result.js';
import { hex128 } from '../output/wire-values.js';
import { isFile, isFolder, OpenedFile } from './opened-file.js';

/** One superblock file as it was found. */
export interface FoundSlot {
  readonly path: string;
  /** `a`, `b` or the file's name. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Absent when the file is damaged. */
  readonly slot: SuperblockSlot | undefined;
  readonly problem: string | undefined;
}

const names = ['superblock.a', 'superblock.b'] as const;
const sizeMax = 1 << 20;

/** The superblock files of a folder, or the one file that was named. @throws CliError */
export function findSlots(path: string): readonly FoundSlot[] {
  if (!isFolder(path)) return [readSlot(path)];
  const folder = names.some((name) => isFile(join(path, name))) ? path : join(path, 'metadata');
  const found = names.map((name) => join(folder, name)).filter(isFile);
  if (found.length === 0) {
    throw new CliError('E_NOT_FOUND', `there is no superblock in ${path}`, {
      hint: `iggyctl inspect dir ${path}`,
    });
  }
  return found.map(readSlot);
}

export function readSlot(path: string): FoundSlot {
  const bytes = OpenedFile.with(path, (file) => file.read(0, Math.min(file.size, sizeMax)));
  const name = basename(path).replace(/^superblock\./, '');
  try {
    return { path, name, bytes, slot: decodeSuperblock(bytes), problem: undefined };
  } catch (error) {
    if (!isWireError(error) && !isIggyctlError(error)) throw error;
    const problem = bytes.length === 0 ? 'the file is empty' : error.message;
    return { path, name, bytes, slot: undefined, problem };
  }
}

/** The slot that counts: the one with the higher sequence, if no slot is unreadable. */
export function winnerOf(slots: readonly FoundSlot[]): FoundSlot | undefined {
  return slots
    .filter(({ slot }) => slot !== undefined)
    .sort((a, b) => (b.slot?.sequence ?? 0) - (a.slot?.sequence ?? 0))[0];
}

/** A slot as JSON; of a damaged one whatever can be read. */
export function slotFields(found: FoundSlot, winner: FoundSlot | undefined): Fields {
  const { path, bytes, slot, problem } = found;
  return {
    ...{ file: path, offset: 0n, length: bytes.length },
    fields: slot === undefined ? readable(bytes) : slotValues(slot),
    checks: { checksum: problem === undefined ? 'ok' : 'mismatch' },
    warnings: problem === undefined ? [] : [problem],
    wins: found === winner,
  };
}

/** Every field by name, in the order of the file. */
export function slotValues({ sequence, record }: SuperblockSlot) {
  const { lostUpTo, viewHeaders } = record;
  return {
    ...{ magic: '0x53424c4b', version: 1, sequence: BigInt(sequence) },
    ...{ cluster: hex128(record.cluster), replica: record.replica },
    ...{ replica_count: record.replicaCount, view: record.view, log_view: record.logView },
    ...{ commit_max: BigInt(record.commitMax), checkpoint_op: BigInt(record.checkpointOp) },
    checkpoint_checksum: hex128(record.checkpointChecksum),
    offset_frontier: BigInt(record.offsetFrontier),
    lost_up_to: lostUpTo === undefined ? null : BigInt(lostUpTo),
    view_headers:
      viewHeaders === undefined
        ? null
        : viewHeaders.map((header) => ({
            op: BigInt(prepareView.op(header)),
            view: prepareView.view(header),
            checksum: hex128(prepareView.checksum(header)),
          })),
  };
}

function readable(bytes: Uint8Array): Readonly<Record<string, Field>> {
  const { spans } = annotate(superblockFile, bytes, { allowTrailing: true });
  const fields: Record<string, Field> = {};
  for (const { path, value, composite, complete } of spans) {
    if (composite || !complete) continue;
    const isPlain = typeof value === 'bigint' || typeof value === 'number';
    if (isPlain) fields[path.replace(/^payload\./, '')] = value;
  }
  return fields;
}
