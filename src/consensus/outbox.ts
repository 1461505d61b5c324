import { commandName } from '../wire/index.js';
import { countOne, type IgnoreReason } from './counters.js';
import type { HaltReason, ReplicaEffect } from './effects.js';
import { commandOf } from './frame/control.js';
import { noToken } from './pipeline.js';
import type { ProposalOutcome, Verdict } from './proposal.js';
import type { ReplicaState } from './state.js';
import type { ReplicaTrace } from './trace.js';

export function emit(r: ReplicaState, effect: ReplicaEffect): void {
  r.out.push(effect);
}

export function send(r: ReplicaState, to: number, frame: Uint8Array): void {
  r.out.push({ kind: 'send', to, frame });
}

/** One copy to every other replica, in index order. */
export function broadcast(r: ReplicaState, frame: Uint8Array): void {
  for (let to = 0; to < r.replicaCount; to++) if (to !== r.self) send(r, to, frame);
}

/** Call only while `r.tracing`, so that no fields are built for nobody. */
export function trace(r: ReplicaState, name: string, fields: ReplicaTrace['fields']): void {
  r.out.push({
    kind: 'trace',
    event: {
      name,
      fields: {
        plane: r.plane,
        cluster: r.config.cluster,
        replica: r.self,
        group: r.config.group,
        view: r.view,
        log_view: r.logView,
        commit_max: r.commitMax,
        status: r.status,
        role: r.isActingPrimary ? 'primary' : 'backup',
        ...fields,
      },
    },
  });
}

/** Counts a frame that is not acted upon. */
export function ignore(r: ReplicaState, reason: IgnoreReason, frame: Uint8Array): void {
  countOne(r.counters.ignored, reason);
  if (r.tracing) trace(r, 'FrameIgnored', { reason, command: commandName(commandOf(frame)) });
}

/** Something an operator must see. */
export function alarm(
  r: ReplicaState,
  problem: string,
  fields: Readonly<Record<string, string | number | bigint>> = {},
): void {
  countOne(r.counters.alarms, problem);
  if (r.tracing) trace(r, 'Alarm', { problem, ...fields });
}

/** Answers a proposal; those nobody waits for are skipped. */
export function answer(r: ReplicaState, token: number, outcome: ProposalOutcome): void {
  if (token !== noToken) r.out.push({ kind: 'outcome', token, outcome });
}

export function refuse(r: ReplicaState, token: number, code: number, verdict?: Verdict): void {
  answer(r, token, { kind: 'refused', code, ...(verdict === undefined ? {} : { verdict }) });
}

/** Stops this replica for good; the host drops it as a power cut would. */
export function halt(r: ReplicaState, reason: HaltReason, detail: string): void {
  if (r.halted) return;
  r.halted = true;
  if (r.tracing) trace(r, 'Halted', { reason, detail });
  r.out.push({ kind: 'halt', reason, detail });
}

/** Result codes of requests that were not executed now. */
export const resultCode = {
  invalidCommand: 3,
  tokenExists: 51,
  notCommitted: 57,
  notAccepted: 58,
} as const;
