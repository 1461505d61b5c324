import type { ConsensusLimits } from './constants.js';
import { Timeout } from './timeout.js';

/** The timers of one group, in the order in which a tick looks at them. */
export interface Timeouts {
  readonly heartbeat: Timeout;
  readonly startViewChange: Timeout;
  readonly doViewChange: Timeout;
  readonly prepare: Timeout;
  readonly commit: Timeout;
  readonly probe: Timeout;
  readonly viewChangeStatus: Timeout;
}

/** All timers, stopped. */
export function createTimeouts(limits: ConsensusLimits): Timeouts {
  return {
    heartbeat: new Timeout(limits.heartbeatTicks),
    startViewChange: new Timeout(limits.viewChangeRetransmitTicks),
    doViewChange: new Timeout(limits.viewChangeRetransmitTicks),
    prepare: new Timeout(limits.prepareTicks),
    commit: new Timeout(limits.commitTicks),
    probe: new Timeout(limits.probeTicks),
    viewChangeStatus: new Timeout(limits.viewChangeStatusTicks),
  };
}

/** First half of a tick: all timers count before any of them is acted upon. */
export function countDownAll(timeouts: Timeouts): void {
  timeouts.heartbeat.countDown();
  timeouts.startViewChange.countDown();
  timeouts.doViewChange.countDown();
  timeouts.prepare.countDown();
  timeouts.commit.countDown();
  timeouts.probe.countDown();
  timeouts.viewChangeStatus.countDown();
}
