import { type ErrorDetails, IggyctlError, isIggyctlError } from '../base/index.js';

/** What is wrong with a data directory that a node refuses to start from. */
export type BootDamage =
  | 'superblock_unreadable'
  | 'superblock_foreign'
  | 'superblock_missing'
  | 'snapshot_unreadable'
  | 'journal_missing'
  | 'data_missing'
  | 'journal_interior'
  | 'disk_failed'
  | 'recovery_refused';

/**
 * A node does not start, and touched nothing: going on could lose or fork acknowledged data. The
 * file named in the details has to be restored, or the node wiped and filled again by its peers.
 */
export class BootRefusedError extends IggyctlError<'BOOT_REFUSED'> {
  readonly damage: BootDamage;

  constructor(damage: BootDamage, message: string, details: ErrorDetails, cause?: unknown) {
    super('BOOT_REFUSED', message, { ...details, damage }, cause === undefined ? {} : { cause });
    this.damage = damage;
  }

  /**
   * What a replica that refuses its recovered state threw. Anything else is thrown on.
   * @param step what can be done about it
   */
  static of(error: unknown, step: string): BootRefusedError {
    if (error instanceof BootRefusedError) return error;
    if (!isIggyctlError(error) || error.code !== 'RECOVERY_REFUSED') throw error;
    const message = `${error.message}: ${step}`;
    return new BootRefusedError('recovery_refused', message, error.details, error);
  }
}
