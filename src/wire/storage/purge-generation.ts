import { setU64Number, tryGetU64Number } from '../../base/index.js';
import { field, type StructValue, struct, u64 } from '../schema/index.js';

const shape = {
  generation: field(u64, 'Last purge that was carried out here.'),
  created_revision: field(u64, 'Incarnation of the partition it belongs to.'),
} as const;

/** `purge.gen` as it is shown. */
export interface PurgeGenerationRecord extends StructValue<typeof shape> {}
export const purgeGenerationFile = struct('PurgeGeneration', shape, 16);

/** The 16 bytes of `purge.gen`. */
export function encodePurgeGeneration(value: {
  readonly generation: number;
  readonly createdRevision: number;
}): Uint8Array {
  const bytes = new Uint8Array(purgeGenerationFile.size);
  setU64Number(bytes, 0, value.generation);
  setU64Number(bytes, 8, value.createdRevision);
  return bytes;
}

/**
 * The generation in `purge.gen` of the partition with this revision: 0 when the file is absent,
 * short, or from an earlier partition of the same id.
 */
export function decodePurgeGeneration(
  bytes: Uint8Array | undefined,
  createdRevision: number,
): number {
  if (bytes === undefined || bytes.length < purgeGenerationFile.size) return 0;
  if (tryGetU64Number(bytes, 8) !== createdRevision) return 0;
  return Math.max(0, tryGetU64Number(bytes, 0));
}
