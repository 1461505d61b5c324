import { emptyBytes } from '../../base/index.js';
import { Operation } from '../../wire/index.js';
import { abandon, denyRead, replyRead } from '../core/answer.js';
import type { Binding } from '../core/connection.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import { readDenial, readReply } from '../core/reply-frames.js';
import type { Request } from '../core/request.js';
import { requestBody } from '../core/request-header.js';
import { statusCode } from '../core/status-codes.js';
import { isCatchingUp, recoveryWait } from '../reads/recovery-barrier.js';
import { replicateAutoCommit } from './auto-commit.js';
import { type PartitionRead, storedOffsetBody } from './partition-read.js';
import type { PartitionWork } from './partition-work.js';
import { emptyPollBody, type ResolvedAnswer, resolveRead } from './resolve-partition-read.js';

/** Looks for a partition that is not there yet, 50 ms apart: as long as operations wait for one. */
const openingAttempts = 60;

/** A poll or the look at a stored offset, answered from what this node has committed. */
export function beginPartitionRead(
  core: Core,
  request: Request,
  binding: Binding,
  kind: PartitionRead['kind'],
): Done {
  const resolved = resolveRead(core, binding, kind, requestBody(request.frame));
  if (resolved.kind !== 'read') return answerResolved(core, request, resolved);
  performRead(core, readWork(request, binding, resolved.read), resolved.read);
}

/** The answer of a read that ends before a partition is touched. */
export function answerResolved(core: Core, request: Request, resolved: ResolvedAnswer): Done {
  if (resolved.kind === 'body') return replyRead(core, request, resolved.body);
  denyRead(core, request, resolved.status);
}

/** A read on its way to the group of its partition. */
export function readWork(request: Request, binding: Binding, read: PartitionRead): PartitionWork {
  const { connection, frame } = request;
  return {
    waiter: { kind: 'request', request },
    frame,
    transportId: connection.transportId,
    operation: Operation.NonReplicated,
    session: binding.session,
    userId: binding.userId,
    group: read.place.group,
    body: emptyBytes,
    withoutAck: false,
  };
}

/**
 * Reads what this replica has committed and answers whoever waits. A partition that is being taken
 * up, or has not applied yet what it acknowledged before a restart, is waited for.
 */
export function performRead(
  core: Core,
  work: PartitionWork,
  read: PartitionRead,
  attempt = 0,
): Done {
  if (work.waiter.kind === 'request' && work.waiter.request.connection.gone) {
    return abandon(work.waiter.request);
  }
  const partition = core.deps.partitions.find(work.group);
  if (partition === undefined && core.deps.partitions.isRefused(work.group)) {
    return refuseRead(core, work, refusedPartitionStatus(core));
  }
  const isBehind = partition !== undefined && isCatchingUp(partition.status);
  const attempts = isBehind ? recoveryWait.attempts : openingAttempts;
  if ((isBehind || partition === undefined) && attempt < attempts) {
    const entry = { kind: 'partition-read', work, read, attempt: attempt + 1 } as const;
    core.timers.after(recoveryWait.ticks, entry);
    return;
  }
  if (isBehind) return refuseRead(core, work, statusCode.transientNotAccepted);
  if (partition === undefined) {
    // Not materialised yet, so there is nothing in it.
    const isPoll = read.kind === 'poll';
    return answerRead(core, work, isPoll ? emptyPollBody(read.place.partition) : emptyBytes);
  }
  if (read.kind === 'offset') return answerRead(core, work, storedOffsetBody(partition, read));
  const { body, hasRoom, autoCommitOffset: offset } = partition.poll(read.query);
  if (offset !== undefined) {
    const { frame, session, userId } = work;
    const { place, query } = read;
    replicateAutoCommit(core, { frame, session, userId, place, query, offset, partition });
  }
  answerRead(core, work, body, hasRoom);
}

/** Other nodes may serve what this one cannot; without others there is nothing to wait for. */
export function refusedPartitionStatus(core: Core): number {
  const { cannotReadPartitions, transientNotAccepted } = statusCode;
  return core.config.nodeCount > 1 ? transientNotAccepted : cannotReadPartitions;
}

export function refuseRead(core: Core, work: PartitionWork, status: number): Done {
  const { waiter, frame } = work;
  if (waiter.kind === 'request') return denyRead(core, waiter.request, status);
  if (waiter.kind === 'nobody') return;
  const commit = core.deps.consensus.status.commitMax;
  core.out.push({
    kind: 'forward',
    replica: waiter.replica,
    frame: readDenial(frame, commit, status),
  });
}

export function answerRead(
  core: Core,
  work: PartitionWork,
  body: Uint8Array,
  hasRoom = false,
): Done {
  const { waiter, frame } = work;
  if (waiter.kind === 'request') return replyRead(core, waiter.request, body, hasRoom);
  if (waiter.kind === 'nobody') return;
  const commit = core.deps.consensus.status.commitMax;
  const reply = readReply(frame, commit, body, hasRoom);
  core.out.push({ kind: 'forward', replica: waiter.replica, frame: reply });
}
