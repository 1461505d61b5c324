import { Command } from '../wire/index.js';
import { commandOf, senderOf } from './frame/control.js';
import { countReplicas, replicaBit } from './quorum.js';
import type { ReplicaState } from './state.js';

/** Notes that a backup of this view answered; enough of them prove that this primary can commit. */
export function notePeer(r: ReplicaState, replica: number): void {
  r.heardAt[replica] = r.ticks;
  r.peersHeard |= replicaBit(replica);
  if (countReplicas(r.peersHeard) >= r.quorums.replication - 1) {
    r.peersHeard = 0;
    r.quorumSeenAt = r.ticks;
  }
}

/**
 * A backup that answered nothing for two heartbeats. The chain would end at it, so the primary
 * sends to the one behind it as well.
 */
export function isSilent(r: ReplicaState, replica: number): boolean {
  return r.ticks - (r.heardAt[replica] ?? 0) > 2 * r.limits.commitTicks;
}

/** A primary that was not heard by enough others for a heartbeat window should give way. */
export function hasLostQuorum(r: ReplicaState): boolean {
  return r.quorums.replication > 1 && r.ticks - r.quorumSeenAt >= r.limits.heartbeatTicks;
}

/** The window begins anew with a view. */
export function restartQuorumCheck(r: ReplicaState): void {
  r.peersHeard = 0;
  r.quorumSeenAt = r.ticks;
  r.heardAt = new Array<number>(r.replicaCount).fill(r.ticks);
}

/**
 * Notes who is audible during a view change. Prepares name their builder instead of their sender
 * and do not count.
 */
export function noteViewChangePeer(r: ReplicaState, frame: Uint8Array): void {
  const command = commandOf(frame);
  if (r.status !== 'view-change') return;
  if (command === Command.Prepare || command === Command.RepairPrepare) return;
  r.viewChangePeers |= replicaBit(senderOf(frame));
}
