import type { ClientTableImage } from './client-table/image.js';
import { checkConfig, type ReplicaConfig } from './config.js';
import type { ReplicaEffect } from './effects.js';
import type { ReplicaEvent } from './events.js';
import type { RecoveredState } from './recovered.js';
import type { SessionView } from './session-view.js';
import type { StateMachine } from './state-machine.js';
import type { ReplicaStatus } from './status.js';

/**
 * One replica of one consensus group: a synchronous function of its events. It owns no clock, disk
 * or socket; what it wants done it returns, to be performed by the host in order.
 * @source Iggy consensus protocol (Viewstamped Replication)
 */
export class Replica {
  readonly config: ReplicaConfig;
  readonly machine: StateMachine;
  readonly recovered: RecoveredState;

  /**
   * Starts from what the host found on disk: restores the snapshot into the machine, replays the
   * committed log and joins as the protocol demands.
   * @throws CONSENSUS_CONFIG_INVALID, RECOVERY_REFUSED
   */
  constructor(config: ReplicaConfig, machine: StateMachine, recovered: RecoveredState) {
    checkConfig(config);
    this.config = config;
    this.machine = machine;
    this.recovered = recovered;
  }

  /** Handles one event and returns what is to be done, in order. Never throws in normal work. */
  declare step: (event: ReplicaEvent) => readonly ReplicaEffect[];

  /** A live view: its fields change with every step. */
  declare readonly status: ReplicaStatus;

  /** Live entry of a client in the local table; it may lag on a backup. */
  declare session: (client: bigint) => SessionView | undefined;

  /** The whole client table as checkpoints carry it; costs time in proportion to its size. */
  declare clientTable: () => ClientTableImage;

  /** Switches `trace` effects on or off. */
  declare setTracing: (tracing: boolean) => void;
}
