import { unreachable } from '../base/index.js';
import { Command } from '../wire/index.js';
import { checkpointPaired, checkpointWritten } from './checkpoint.js';
import type { ReplicaEvent } from './events.js';
import { commandOf } from './frame/control.js';
import { snapshotInstalled } from './install.js';
import { frameFault } from './intake.js';
import { emit, ignore } from './outbox.js';
import { artifactsInstalled, drainFlushed } from './partition-events.js';
import { noteViewChangePeer } from './quorum-check.js';
import { requestRead } from './reads.js';
import { onCommit } from './rules/on-commit.js';
import { onDoViewChange } from './rules/on-do-view-change.js';
import { onJournalDone } from './rules/on-journal-done.js';
import { onLinks } from './rules/on-links.js';
import { onPong } from './rules/on-pong.js';
import { onPrepare } from './rules/on-prepare.js';
import { onPrepareOk } from './rules/on-prepare-ok.js';
import { onPropose } from './rules/on-propose.js';
import { onRepairPrepare } from './rules/on-repair-prepare.js';
import { onRepairReply } from './rules/on-repair-reply.js';
import { onRequestPrepares } from './rules/on-request-prepares.js';
import { onRequestStartView } from './rules/on-request-start-view.js';
import { onRequestStateChunk } from './rules/on-request-state-chunk.js';
import { onRequestStateTransfer } from './rules/on-request-state-transfer.js';
import { onStartView } from './rules/on-start-view.js';
import { onStartViewChange } from './rules/on-start-view-change.js';
import { onStateChunk } from './rules/on-state-chunk.js';
import { onStateTransferTarget } from './rules/on-state-transfer-target.js';
import { onStepDown } from './rules/on-step-down.js';
import { onTick } from './rules/on-tick.js';
import type { ReplicaState } from './state.js';
import { superblockDone, wantSuperblock } from './superblock.js';
import { cancelWaiters } from './waiters.js';

type FrameRule = (r: ReplicaState, frame: Uint8Array) => void;

const frameRules: ReadonlyMap<number, FrameRule> = new Map<number, FrameRule>([
  [Command.Prepare, onPrepare],
  [Command.PrepareOk, onPrepareOk],
  [Command.Commit, onCommit],
  [Command.Pong, onPong],
  [Command.StartViewChange, onStartViewChange],
  [Command.DoViewChange, onDoViewChange],
  [Command.StartView, onStartView],
  [Command.RequestStartView, onRequestStartView],
  [Command.RequestPrepares, onRequestPrepares],
  [Command.RepairPrepare, onRepairPrepare],
  [Command.RepairDone, onRepairReply],
  [Command.RangeEvicted, onRepairReply],
  [Command.RequestStateTransfer, onRequestStateTransfer],
  [Command.StateTransferTarget, onStateTransferTarget],
  [Command.RequestStateChunk, onRequestStateChunk],
  [Command.StateChunk, onStateChunk],
]);

/** Hands an event to its rule. */
export function dispatch(r: ReplicaState, event: ReplicaEvent): void {
  switch (event.kind) {
    case 'tick':
      r.now = event.now;
      onTick(r);
      break;
    case 'frame':
      r.now = event.now;
      onFrame(r, event.frame);
      break;
    case 'propose':
      r.now = event.now;
      onPropose(r, event.proposal);
      break;
    case 'journal-done':
      onJournalDone(r, event.write, event.result);
      break;
    case 'superblock-done':
      onSuperblockDone(r, event.write, event.ok);
      break;
    case 'snapshot-done':
      onSnapshotDone(r, event.write, event.ok);
      break;
    case 'read':
      requestRead(r, event.token);
      break;
    case 'step-down':
      onStepDown(r);
      break;
    case 'links':
      onLinks(r, event.up);
      break;
    case 'flushed':
      drainFlushed(r, event.op);
      break;
    case 'persist-frontier':
      r.frontierTokens.push(event.token);
      wantSuperblock(r);
      break;
    case 'installed':
      artifactsInstalled(r, event.ok);
      break;
    case 'removed':
      cancelWaiters(r);
      break;
    default:
      unreachable(event);
  }
}

function onFrame(r: ReplicaState, frame: Uint8Array): void {
  const fault = frameFault(r, frame);
  if (fault !== undefined) {
    ignore(r, fault, frame);
    return;
  }
  noteViewChangePeer(r, frame);
  frameRules.get(commandOf(frame))?.(r, frame);
}

function onSuperblockDone(r: ReplicaState, write: number, ok: boolean): void {
  const tokens = r.frontierTokens.splice(0, r.superblockWrite?.frontiers ?? 0);
  const record = superblockDone(r, write, ok);
  if (record === undefined) {
    r.frontierTokens.unshift(...tokens);
    return;
  }
  for (const token of tokens) emit(r, { kind: 'frontier-durable', token });
  checkpointPaired(r, record.checkpointOp);
}

/** The one snapshot on its way to disk is either an own checkpoint or an installed state. */
function onSnapshotDone(r: ReplicaState, write: number, ok: boolean): void {
  if (write !== r.snapshotWrite) return;
  r.snapshotWrite = 0;
  if (r.incoming !== undefined) snapshotInstalled(r, ok);
  else checkpointWritten(r, ok);
}
