import { emptyBytes } from '../base/index.js';
import { Operation } from '../wire/index.js';
import { advanceRun } from './acks.js';
import {
  committedEntryOf,
  prepareClient,
  prepareOperation,
  prepareRequest,
  prepareRequestChecksum,
  prepareTimestamp,
  prepareUser,
} from './frame/prepare.js';
import { buildReply } from './frame/reply.js';
import type { LogEntry } from './log.js';
import { answer, trace } from './outbox.js';
import { noToken } from './pipeline.js';
import type { ProposalOutcome } from './proposal.js';
import type { ReplicaState } from './state.js';
import { isVerified } from './verify.js';

/**
 * Applies what is committed, in op order, as far as the entries are held, durable and known to be
 * those of the current view's log. Stops at the first that is not.
 * @source Iggy consensus protocol, commit walk
 */
export function applyCommitted(r: ReplicaState): void {
  if (r.isTransferring || r.isFenced) return;
  while (r.commitMin < r.commitMax && !r.halted) {
    const op = r.commitMin + 1;
    const entry = r.log.get(op);
    if (entry === undefined || op > r.runTop || !isVerified(r, op)) return;
    const outcome = applyEntry(r, entry);
    settlePipeline(r, entry, outcome);
  }
}

/** Applies one entry: state machine, then table, then `commitMin`. */
export function applyEntry(r: ReplicaState, entry: LogEntry): ProposalOutcome {
  const outcome = execute(r, entry);
  r.commitMin = entry.op;
  if (r.commitMax < entry.op) r.commitMax = entry.op;
  if (r.runTop < entry.op) r.runTop = entry.op;
  r.anchor = { op: entry.op, checksum: entry.checksum };
  r.isAnchorOpen = false;
  r.canonical.delete(entry.op);
  if (r.tracing) {
    trace(r, 'OperationCommitted', {
      op: entry.op,
      checksum: entry.checksum,
      client: prepareClient(entry.frame),
      request: prepareRequest(entry.frame),
      operation: prepareOperation(entry.frame),
      pipeline_depth: r.pipeline.length,
    });
  }
  return outcome;
}

/** Lets go of an applied entry that was in flight here and answers whoever waits for it. */
function settlePipeline(r: ReplicaState, entry: LogEntry, outcome: ProposalOutcome): void {
  const { first } = r.pipeline;
  if (first === undefined || first.entry.op !== entry.op) return;
  r.pipeline.shift();
  if (r.timeouts.prepare.isRunning) {
    // The timer measures the age of the oldest entry in flight.
    if (r.pipeline.length > 0) r.timeouts.prepare.start();
    else r.timeouts.prepare.stop();
  }
  if (r.tracing && first.token !== noToken) {
    trace(r, 'ClientReplyEmitted', {
      op: entry.op,
      client: first.client,
      request: prepareRequest(entry.frame),
      operation: prepareOperation(entry.frame),
      pipeline_depth: r.pipeline.length,
    });
  }
  answer(r, first.token, outcome);
}

function execute(r: ReplicaState, entry: LogEntry): ProposalOutcome {
  const operation = prepareOperation(entry.frame);
  if (r.plane === 'metadata') {
    if (operation === Operation.Register) return register(r, entry);
    if (operation === Operation.Logout) return logout(r, entry);
  }
  const { frame } = entry;
  const applied = r.machine.apply(committedEntryOf(frame));
  const reply = buildReply(frame, applied.body);
  if (r.plane === 'metadata') {
    recordReply(r, entry, reply);
    for (const user of applied.endedUsers ?? []) endUser(r, user, prepareTimestamp(frame));
  }
  return { kind: 'committed', op: entry.op, reply };
}

/** Server-originated operations without a client leave no trace in the table. */
function recordReply(r: ReplicaState, entry: LogEntry, reply: Uint8Array): void {
  const { frame, op } = entry;
  const client = prepareClient(frame);
  if (client === 0n) return;
  r.table.commitReply({
    client,
    request: prepareRequest(frame),
    requestChecksum: prepareRequestChecksum(frame),
    op,
    reply,
  });
}

function register(r: ReplicaState, entry: LogEntry): ProposalOutcome {
  const { frame, op } = entry;
  const client = prepareClient(frame);
  const userId = prepareUser(frame);
  const reply = buildReply(frame, emptyBytes);
  const effects = r.table.commitRegister({ client, userId, op, reply });
  if (effects.evicted !== undefined) {
    r.counters.sessionsRetired++;
    r.machine.endSession(effects.evicted, prepareTimestamp(frame));
  }
  if (effects.forgotten !== undefined) r.counters.sessionsForgotten++;
  if (r.tracing) {
    const verdict = effects.rebound ? 'AlreadyRegistered' : 'New';
    trace(r, 'ClientTableVerdict', { client, request: 0n, verdict, session: op });
  }
  const session = r.table.session(client);
  return {
    kind: 'registered',
    session: op,
    watermark: session?.watermark ?? 0n,
    origin: session?.origin ?? op,
  };
}

function logout(r: ReplicaState, entry: LogEntry): ProposalOutcome {
  const { frame, op } = entry;
  const client = prepareClient(frame);
  r.machine.endSession(client, prepareTimestamp(frame));
  r.table.commitLogout(client);
  return { kind: 'logged-out', commit: op };
}

function endUser(r: ReplicaState, user: number, timestamp: number): void {
  for (const client of r.table.endUser(user)) r.machine.endSession(client, timestamp);
}

/** After `commitMin` was set by other means than applying (install, floor). */
export function rebaseRun(r: ReplicaState): void {
  r.runTop = r.commitMin;
  advanceRun(r);
}
