import { type ErrorDetails, IggyctlError } from '../base/index.js';

/** A configuration that breaks a start-time rule of the consensus protocol; nothing was started. */
export class ConsensusConfigError extends IggyctlError<'CONSENSUS_CONFIG_INVALID'> {
  constructor(message: string, details: ErrorDetails = {}) {
    super('CONSENSUS_CONFIG_INVALID', message, details);
  }
}

/** What is wrong with a data directory that a replica refuses to start from. */
export type RecoveryDamage =
  | 'checkpoint_ahead_of_snapshot'
  | 'checkpoint_mismatch'
  | 'snapshot_undecodable'
  | 'log_gap'
  | 'lost_committed'
  | 'log_view_above_view'
  | 'foreign_entry';

/** The durable state of a replica contradicts itself; starting from it could lose or fork data. */
export class RecoveryRefusedError extends IggyctlError<'RECOVERY_REFUSED'> {
  constructor(damage: RecoveryDamage, message: string, details: ErrorDetails = {}) {
    super('RECOVERY_REFUSED', message, { ...details, damage });
  }
}

/** Bytes of an encoded client table or suffix that break a rule of their form. */
export class ConsensusDecodeError extends IggyctlError<'CONSENSUS_MALFORMED'> {
  constructor(message: string, details: ErrorDetails = {}) {
    super('CONSENSUS_MALFORMED', message, details);
  }
}
