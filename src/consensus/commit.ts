import { emptyBytes } from '../base/index.js';
import { Operation } from '../wire/index.js';
import { mark } from './counters.js';
import { headerSize } from './frame/layout.js';
import {
  prepareClient,
  prepareOperation,
  prepareRequest,
  prepareRequestChecksum,
} from './frame/prepare.js';
import { fillReply } from './frame/reply.js';
import { sendHeartbeat } from './heartbeat.js';
import { contentOf, type LogEntry } from './log.js';
import { answer, trace } from './outbox.js';
import { noToken } from './pipeline.js';
import type { ProposalOutcome } from './proposal.js';
import type { ReplicaState } from './state.js';
import type { CommittedEntry } from './state-machine.js';
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
    if (entry === undefined || op > r.runTop) return;
    if (!isVerified(r, op)) {
      mark(r, 'verified walk stopped');
      return;
    }
    r.isCommitUrgent = false;
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
  r.isAnchorWanted = false;
  r.canonical.delete(entry.op);
  r.staged.remove(entry.op);
  if (r.tracing) {
    trace(r, 'OperationCommitted', {
      op: entry.op,
      checksum: entry.checksum,
      client: prepareClient(entry.frame),
      request: prepareRequest(entry.frame),
      operation: prepareOperation(entry.frame),
      pipeline_depth: r.pipeline.length,
    });
    if (r.plane === 'partition') {
      const fields = { op: entry.op, pipeline_depth: r.pipeline.length };
      trace(r, 'NamespaceProgressUpdated', fields);
    }
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
  if (first.isUrgent || r.isCommitUrgent) tellCommit(r);
  answer(r, first.token, outcome);
}

/** A backup learns a commit from the next prepare, and where none follows from a heartbeat. */
function tellCommit(r: ReplicaState): void {
  r.isCommitUrgent = false;
  if (r.status === 'normal' && r.isActingPrimary && r.isViewAnnounced) sendHeartbeat(r);
}

function execute(r: ReplicaState, entry: LogEntry): ProposalOutcome {
  const content = contentOf(entry);
  if (r.plane === 'metadata') {
    if (content.operation === Operation.Register) return register(r, entry, content);
    if (content.operation === Operation.Logout) return logout(r, content);
  }
  const applied = r.machine.apply(content);
  const reply = makeReply(r, entry, content.client, applied.body);
  if (r.plane === 'metadata') {
    recordReply(r, entry, content, reply);
    if (applied.endedUsers !== undefined) endUsers(r, applied.endedUsers, content.timestamp);
    if (applied.isUrgent === true) r.isCommitUrgent = true;
  }
  return { kind: 'committed', op: entry.op, reply };
}

function makeReply(r: ReplicaState, entry: LogEntry, client: bigint, body: Uint8Array): Uint8Array {
  const bytes = r.table.replyBytes(client, headerSize + body.length);
  return fillReply(bytes, entry.frame, body);
}

/** Server-originated operations without a client leave no trace in the table. */
function recordReply(
  r: ReplicaState,
  entry: LogEntry,
  content: CommittedEntry,
  reply: Uint8Array,
): void {
  const { client, request, op } = content;
  if (client === 0n) return;
  const requestChecksum = prepareRequestChecksum(entry.frame);
  r.table.commitReply({ client, request, requestChecksum, op, reply });
}

function register(r: ReplicaState, entry: LogEntry, content: CommittedEntry): ProposalOutcome {
  const { client, userId, op, timestamp } = content;
  const reply = makeReply(r, entry, client, emptyBytes);
  const effects = r.table.commitRegister({ client, userId, op, reply });
  if (effects.evicted !== undefined) {
    r.counters.sessionsRetired++;
    r.machine.endSession(effects.evicted, timestamp);
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

function logout(r: ReplicaState, content: CommittedEntry): ProposalOutcome {
  const { client, op, timestamp } = content;
  r.machine.endSession(client, timestamp);
  r.table.commitLogout(client);
  return { kind: 'logged-out', commit: op };
}

function endUsers(r: ReplicaState, users: readonly number[], timestamp: number): void {
  for (const user of users) {
    for (const client of r.table.endUser(user)) r.machine.endSession(client, timestamp);
  }
}
