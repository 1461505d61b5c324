import { emptyBytes } from '../../base/index.js';
import { headerSize, Operation, replyView } from '../../wire/index.js';
import { abandon, denyRead, replyRead } from '../core/answer.js';
import type { Binding } from '../core/connection.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import { readDenial, readReply } from '../core/reply-frames.js';
import type { Request } from '../core/request.js';
import { requestAt, requestBody } from '../core/request-header.js';
import { statusCode } from '../core/status-codes.js';
import { isCatchingUp, recoveryWait } from '../reads/recovery-barrier.js';
import { replicateAutoCommit } from './auto-commit.js';
import { handOn } from './hand-on.js';
import { encodePartitionRead, type PartitionRead, storedOffsetBody } from './partition-read.js';
import type { PartitionWork } from './partition-work.js';
import { emptyPollBody, resolveOffsetRead, resolvePoll } from './resolve-partition-read.js';

/** Looks for a partition that is not there yet, 50 ms apart: as long as operations wait for one. */
const openingAttempts = 60;

/** A poll or the look at a stored offset: answered here, or by the group's primary if asked so. */
export function beginPartitionRead(
  core: Core,
  request: Request,
  binding: Binding,
  kind: PartitionRead['kind'],
): Done {
  const body = requestBody(request.frame);
  const resolve = kind === 'poll' ? resolvePoll : resolveOffsetRead;
  const resolved = resolve(core, binding, body);
  if (resolved.kind === 'body') return replyRead(core, request, resolved.body);
  if (resolved.kind === 'status') return denyRead(core, request, resolved.status);
  const { read } = resolved;
  const { connection, frame } = request;
  const work: PartitionWork = {
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
  if (frame[requestAt.consistency] === 1) return confirmOrHandOn(core, work, read);
  performRead(core, work, read);
}

/** Asks the local group for a confirmed read point. */
export function confirmPartitionRead(core: Core, work: PartitionWork, read: PartitionRead): Done {
  const token = core.nextToken();
  core.reads.set(token, { kind: 'partition', work, read });
  core.out.push({ kind: 'confirm-read', token, group: work.group });
}

/** The round ended; a code other than 0 refuses. */
export function onPartitionReadConfirmed(
  core: Core,
  from: { readonly work: PartitionWork; readonly read: PartitionRead; readonly refusal: number },
): Done {
  const { work, read, refusal } = from;
  if (refusal !== 0) return refuseRead(core, work, refusal);
  performRead(core, work, read);
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

/** The answer of another node to a read that was handed to it, in the name of this one. */
export function relayRead(core: Core, work: PartitionWork, reply: Uint8Array): Done {
  const status = replyView.status(reply);
  if (status !== 0) return refuseRead(core, work, status);
  answerRead(core, work, reply.subarray(headerSize));
}

function answerRead(core: Core, work: PartitionWork, body: Uint8Array, hasRoom = false): Done {
  const { waiter, frame } = work;
  if (waiter.kind === 'request') return replyRead(core, waiter.request, body, hasRoom);
  if (waiter.kind === 'nobody') return;
  const commit = core.deps.consensus.status.commitMax;
  const reply = readReply(frame, commit, body, hasRoom);
  core.out.push({ kind: 'forward', replica: waiter.replica, frame: reply });
}

function confirmOrHandOn(core: Core, work: PartitionWork, read: PartitionRead): Done {
  const partition = core.deps.partitions.find(work.group);
  if (partition === undefined) return refuseRead(core, work, statusCode.transientNotAccepted);
  if (partition.status.isActingPrimary) return confirmPartitionRead(core, work, read);
  const handed = { ...work, body: encodePartitionRead(read) };
  const refusal = handOn(core, handed, partition);
  if (refusal !== 0) refuseRead(core, work, refusal);
}
