import type { StateMachine } from '../consensus/index.js';

/** A machine that notes the users whose sessions ended. */
export interface EndedUsers {
  readonly machine: StateMachine;
  /** Users that were deleted or set inactive since the last call. */
  take(): readonly number[];
}

const none: readonly number[] = [];

/** Wraps the metadata machine, so that the server learns whose connections to end. */
export function watchEndedUsers(machine: StateMachine): EndedUsers {
  let ended = none;
  return {
    machine: {
      admit: (request) => machine.admit(request),
      logged: (entry) => machine.logged?.(entry),
      unlogged: (op) => machine.unlogged?.(op),
      apply: (entry) => {
        const applied = machine.apply(entry);
        if (applied.endedUsers !== undefined) ended = [...ended, ...applied.endedUsers];
        return applied;
      },
      endSession: (client, timestamp) => machine.endSession(client, timestamp),
      ...(machine.snapshots !== undefined && { snapshots: machine.snapshots }),
    },
    take() {
      const taken = ended;
      ended = none;
      return taken;
    },
  };
}
