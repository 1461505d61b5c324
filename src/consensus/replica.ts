import type { ClientTableImage } from './client-table/image.js';
import { checkConfig, type ReplicaConfig } from './config.js';
import type { ReplicaCounters } from './counters.js';
import { dispatch } from './dispatch.js';
import type { ReplicaEffect } from './effects.js';
import type { ReplicaEvent } from './events.js';
import { join } from './join.js';
import { halt } from './outbox.js';
import { recover } from './recover.js';
import type { RecoveredState } from './recovered.js';
import type { SessionView } from './session-view.js';
import { settle } from './settle.js';
import { ReplicaState } from './state.js';
import type { StateMachine } from './state-machine.js';
import type { ReplicaStatus } from './status.js';
import { StatusView } from './status-view.js';

const nothing: readonly ReplicaEffect[] = [];

/**
 * One replica of one consensus group: a synchronous function of its events. It owns no clock, disk
 * or socket; what it wants done it returns, to be performed by the host in order.
 * @source Iggy consensus protocol (Viewstamped Replication)
 */
export class Replica {
  readonly #state: ReplicaState;
  readonly #status: ReplicaStatus;
  #initial: readonly ReplicaEffect[];

  /**
   * Starts from what the host found on disk: restores the snapshot into the machine, replays the
   * committed log and joins as the protocol demands.
   * @throws CONSENSUS_CONFIG_INVALID, RECOVERY_REFUSED
   */
  constructor(config: ReplicaConfig, machine: StateMachine, recovered: RecoveredState) {
    checkConfig(config);
    this.#state = new ReplicaState(config, machine);
    this.#status = new StatusView(this.#state);
    recover(this.#state, recovered);
    join(this.#state, recovered);
    settle(this.#state);
    this.#initial = this.#take();
  }

  /**
   * Handles one event and returns what is to be done, in order. Effects of the start itself come
   * with the first step. Never throws: a broken invariant, or a state machine that throws, ends in
   * a `halt` effect, after which nothing happens any more.
   */
  step(event: ReplicaEvent): readonly ReplicaEffect[] {
    const r = this.#state;
    if (r.halted) return [];
    if (this.#initial.length > 0) {
      r.out.push(...this.#initial);
      this.#initial = [];
    }
    try {
      dispatch(r, event);
      settle(r);
    } catch (error) {
      this.#stop(error);
    }
    return this.#take();
  }

  /** A live view: its fields change with every step. */
  get status(): ReplicaStatus {
    return this.#status;
  }

  get counters(): ReplicaCounters {
    return this.#state.counters;
  }

  /** Live entry of a client in the local table; it may lag on a backup. */
  session(client: bigint): SessionView | undefined {
    return this.#state.table.session(client);
  }

  /** The whole client table as checkpoints carry it; costs time in proportion to its size. */
  clientTable(): ClientTableImage {
    return this.#state.table.image();
  }

  /** Switches `trace` effects on or off. */
  setTracing(tracing: boolean): void {
    this.#state.tracing = tracing;
  }

  /** @internal For invariant checks in tests and simulation; not to be changed. */
  get state(): Readonly<ReplicaState> {
    return this.#state;
  }

  /**
   * A broken assumption of the core or of the state machine: what memory says can no longer be
   * trusted, so nothing of this step gets out.
   */
  #stop(error: unknown): void {
    const r = this.#state;
    r.out = [];
    r.halted = false;
    halt(r, 'divergence', error instanceof Error ? error.message : String(error));
  }

  #take(): readonly ReplicaEffect[] {
    const { out } = this.#state;
    if (out.length === 0) return nothing;
    this.#state.out = [];
    return out;
  }
}
