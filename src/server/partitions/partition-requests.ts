import { EvictionReason, Operation } from '../../wire/index.js';
import { abandon, deny, evict, hold, letGo } from '../core/answer.js';
import type { Binding } from '../core/connection.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import type { Request } from '../core/request.js';
import { requestBody } from '../core/request-header.js';
import { statusCode } from '../core/status-codes.js';
import type { PartitionView } from '../partition-view.js';
import { isSuperseded, isUserGone } from '../sessions/session-checks.js';
import { batchStatus } from './batch-status.js';
import { handOn } from './hand-on.js';
import { applyWithoutAck, proposeToPartition, refuseWork } from './partition-local.js';
import { refusedPartitionStatus } from './partition-reads.js';
import { resolveTarget } from './partition-target.js';
import type { PartitionWork } from './partition-work.js';

/** Ticks between looks for a partition that is not served yet, and how often to look. */
const routing = { ticks: 5, attempts: 60 } as const;

/**
 * An operation on a partition: target, permission, a wait for the partition to be served here, then
 * the group's primary, wherever it is.
 *
 * @source Iggy session protocol, partition operations
 */
export function beginPartitionOperation(core: Core, request: Request, binding: Binding): Done {
  const { connection, operation, frame } = request;
  if (isSuperseded(core, binding)) {
    core.sessions.unbind(connection);
    return evict(core, request, binding.clientId, EvictionReason.SessionTooLow);
  }
  if (isUserGone(core, binding)) {
    core.sessions.unbind(connection);
    return evict(core, request, connection.transportId, EvictionReason.NoSession);
  }
  const target = resolveTarget(core, binding, operation, requestBody(frame));
  if (target === undefined) return deny(core, request, statusCode.resourceNotFound);
  const { userId, session } = binding;
  if (!core.deps.metadata.isAllowed(userId, target.rule, target)) {
    return deny(core, request, statusCode.unauthorized);
  }
  const work: PartitionWork = {
    waiter: { kind: 'request', request },
    frame,
    transportId: connection.transportId,
    operation,
    session,
    userId,
    group: target.group,
    body: target.body,
    withoutAck: target.withoutAck,
  };
  route(core, request, work, 0);
}

/** Looks for the partition; a connection's later frames wait meanwhile, so that order is kept. */
export function route(core: Core, request: Request, work: PartitionWork, attempt: number): Done {
  if (request.connection.gone) return abandon(request);
  const partition = core.deps.partitions.find(work.group);
  if (partition !== undefined) {
    letGo(core, request);
    return handOver(core, work, partition);
  }
  if (core.deps.partitions.isRefused(work.group)) {
    return deny(core, request, refusedPartitionStatus(core));
  }
  if (attempt >= routing.attempts) return deny(core, request, statusCode.transientNotAccepted);
  if (attempt === 0 && request.correlation === undefined) hold(request);
  core.timers.after(routing.ticks, { kind: 'routing', request, work, attempt: attempt + 1 });
}

/** To the local replica if it leads the group, else once to the node that does. */
function handOver(core: Core, work: PartitionWork, partition: PartitionView): Done {
  if (partition.status.isActingPrimary) {
    if (work.withoutAck) return applyWithoutAck(core, work, partition);
    return proposeToPartition(core, work);
  }
  // The local replica's admission is not asked, so a batch is checked here before it travels.
  const status = work.operation === Operation.SendMessages ? batchStatus(work.body) : 0;
  const refusal = status === 0 ? handOn(core, work, partition) : status;
  if (refusal !== 0) refuseWork(core, work, refusal);
}
