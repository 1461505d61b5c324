import { IggyctlError } from '../../../base/index.js';

/** A snapshot that decodes but cannot be the state of any log. */
export class SnapshotError extends IggyctlError<'SNAPSHOT_INVALID'> {
  constructor(message: string, details: Readonly<Record<string, unknown>> = {}) {
    super('SNAPSHOT_INVALID', message, details);
  }
}

/** A count, time or op of a snapshot as a number. @throws SNAPSHOT_INVALID above 2^53-1 */
export function smallNumber(value: bigint, what: string): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new SnapshotError(`${what} of a snapshot is ${value}, above 2^53-1`, {
      value: String(value),
    });
  }
  return Number(value);
}

/** Items by ascending id. @throws SNAPSHOT_INVALID when an id occurs twice */
export function byId<T extends { readonly id: number }>(items: readonly T[]): readonly T[] {
  const sorted = [...items].sort((a, b) => a.id - b.id);
  for (let i = 1; i < sorted.length; i++) {
    const { id } = sorted[i] ?? { id: -1 };
    if (sorted[i - 1]?.id === id) throw new SnapshotError(`id ${id} occurs twice`, { id });
  }
  return sorted;
}

/** @throws SNAPSHOT_INVALID when the place of a name is taken */
export function mustBeFree(holder: unknown, what: string, name: string): void {
  if (holder !== undefined) throw new SnapshotError(`two ${what} are named ${name}`, { name });
}
