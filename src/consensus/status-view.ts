import type { ReplicaState } from './state.js';
import type { ReplicaStatus } from './status.js';

/** Getters over the state, made once per replica. */
export function statusOf(r: ReplicaState): ReplicaStatus {
  return {
    replica: r.self,
    replicaCount: r.replicaCount,
    group: r.config.group,
    get status() {
      return r.status;
    },
    get view() {
      return r.view;
    },
    get logView() {
      return r.logView;
    },
    get viewDurable() {
      return r.viewDurable;
    },
    get logViewDurable() {
      return r.logViewDurable;
    },
    get primary() {
      return r.primary;
    },
    get isActingPrimary() {
      return r.isActingPrimary && !r.isTransferring && !r.isFenced && !r.halted;
    },
    get isCaughtUp() {
      return r.isCaughtUp && !r.halted;
    },
    get hasCeded() {
      return r.hasCeded;
    },
    get head() {
      return r.head;
    },
    get commitMin() {
      return r.commitMin;
    },
    get commitMax() {
      return r.commitMax;
    },
    get checkpointOp() {
      return r.checkpointOp;
    },
    get pipelineLength() {
      return r.pipeline.length;
    },
    get requestQueueLength() {
      return r.requestQueue.length;
    },
    get recoveryBarrier() {
      return r.commitMin < r.recoveryBarrier ? r.recoveryBarrier : 0;
    },
    get transferStage() {
      return r.transferStage;
    },
    get isRepairing() {
      return r.repair !== undefined;
    },
    get lostUpTo() {
      return r.lostUpTo;
    },
    get isFenced() {
      return r.isFenced;
    },
    get isHalted() {
      return r.halted;
    },
  };
}
