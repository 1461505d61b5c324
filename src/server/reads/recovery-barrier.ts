import type { ReplicaStatus } from '../../consensus/index.js';

/** Ticks between looks at a group that is catching up, and looks until the read is refused: 15 s. */
export const recoveryWait = { ticks: 5, attempts: 300 } as const;

/**
 * After a restart the log can hold operations that were acknowledged and that nobody has yet told to
 * be committed. Reads wait until they are applied, or a client would miss what it was promised.
 *
 * @source Iggy consensus protocol, recovery barrier
 */
export function isCatchingUp(
  status: Partial<Pick<ReplicaStatus, 'commitMin' | 'recoveryBarrier'>>,
): boolean {
  return (status.commitMin ?? 0) < (status.recoveryBarrier ?? 0);
}
