import type { ReplicaState } from './state.js';
import type { ReplicaStatus } from './status.js';

/** Getters over the state. A class, so that those of all replicas are the same functions. */
export class StatusView implements ReplicaStatus {
  readonly replica: number;
  readonly replicaCount: number;
  readonly group: bigint;
  readonly #r: ReplicaState;

  constructor(r: ReplicaState) {
    this.replica = r.self;
    this.replicaCount = r.replicaCount;
    this.group = r.config.group;
    this.#r = r;
  }

  get status(): ReplicaStatus['status'] {
    return this.#r.status;
  }

  get view(): ReplicaStatus['view'] {
    return this.#r.view;
  }

  get logView(): ReplicaStatus['logView'] {
    return this.#r.logView;
  }

  get viewDurable(): ReplicaStatus['viewDurable'] {
    return this.#r.viewDurable;
  }

  get logViewDurable(): ReplicaStatus['logViewDurable'] {
    return this.#r.logViewDurable;
  }

  get primary(): ReplicaStatus['primary'] {
    return this.#r.primary;
  }

  get isActingPrimary(): ReplicaStatus['isActingPrimary'] {
    const r = this.#r;
    return r.isActingPrimary && !r.isTransferring && !r.isFenced && !r.halted;
  }

  get isCaughtUp(): ReplicaStatus['isCaughtUp'] {
    return this.#r.isCaughtUp && !this.#r.halted;
  }

  get hasCeded(): ReplicaStatus['hasCeded'] {
    return this.#r.hasCeded;
  }

  get head(): ReplicaStatus['head'] {
    return this.#r.head;
  }

  get commitMin(): ReplicaStatus['commitMin'] {
    return this.#r.commitMin;
  }

  get commitMax(): ReplicaStatus['commitMax'] {
    return this.#r.commitMax;
  }

  get checkpointOp(): ReplicaStatus['checkpointOp'] {
    return this.#r.checkpointOp;
  }

  get pipelineLength(): ReplicaStatus['pipelineLength'] {
    return this.#r.pipeline.length;
  }

  get requestQueueLength(): ReplicaStatus['requestQueueLength'] {
    return this.#r.requestQueue.length;
  }

  get recoveryBarrier(): ReplicaStatus['recoveryBarrier'] {
    const r = this.#r;
    return r.commitMin < r.recoveryBarrier ? r.recoveryBarrier : 0;
  }

  get transferStage(): ReplicaStatus['transferStage'] {
    const { transferStage, isUnfilled } = this.#r;
    return isUnfilled && transferStage === 'idle' ? 'awaiting-target' : transferStage;
  }

  get isRepairing(): ReplicaStatus['isRepairing'] {
    return this.#r.repair !== undefined;
  }

  get lostUpTo(): ReplicaStatus['lostUpTo'] {
    return this.#r.lostUpTo;
  }

  get isFenced(): ReplicaStatus['isFenced'] {
    return this.#r.isFenced;
  }

  get isHalted(): ReplicaStatus['isHalted'] {
    return this.#r.halted;
  }
}
