import { setU64, setU64Number } from '../base/index.js';
import { Command } from '../wire/index.js';
import { sealed } from './frame/control.js';
import { heartbeatAt } from './frame/layout.js';
import { isGateOpen } from './gate.js';
import { broadcast, send, trace } from './outbox.js';
import type { ReplicaState } from './state.js';

/**
 * Broadcasts a heartbeat with a new counter. It advertises what this primary has applied: it may
 * know of commits it has not applied and must not push backups past itself.
 * @source Iggy consensus protocol, commit heartbeats
 */
export function sendHeartbeat(r: ReplicaState): void {
  if (r.replicaCount === 1 || !isGateOpen(r)) return;
  r.heartbeatCounter++;
  const frame = r.templates.frame(Command.Commit, r.view);
  setU64(frame, heartbeatAt.commitChecksum, r.commitMin === 0 ? 0n : r.anchor.checksum);
  setU64Number(frame, heartbeatAt.timestampMonotonic, r.heartbeatCounter);
  setU64Number(frame, heartbeatAt.commit, r.commitMin);
  if (r.tracing) {
    trace(r, 'ControlMessageScheduled', { action: 'send_commit', commit: r.commitMin });
  }
  broadcast(r, sealed(frame));
}

/** Answers a heartbeat: gated like an acknowledgement, because reads rely on it. */
export function answerHeartbeat(r: ReplicaState, counter: number): void {
  if (!isGateOpen(r)) return;
  const frame = r.templates.frame(Command.Pong, r.view);
  setU64Number(frame, heartbeatAt.timestampMonotonic, counter);
  setU64Number(frame, heartbeatAt.commit, r.commitMin);
  send(r, r.primary, sealed(frame));
}
