import type { ProposalOutcome } from '../../consensus/index.js';
import { EvictionReason, Operation } from '../../wire/index.js';
import { answer, deny, evict, reject } from '../core/answer.js';
import type { Binding } from '../core/connection.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import type { PendingMetadata } from '../core/pending.js';
import { refusalCode } from '../core/refusal.js';
import type { Request } from '../core/request.js';
import { requestBody } from '../core/request-header.js';
import { statusCode } from '../core/status-codes.js';
import { isRecorded } from '../sessions/session-checks.js';
import { rewriteJoin, rewriteLeave } from './group-requests.js';
import { beginChangePassword, beginCreateUser } from './passwords.js';
import { proposeMetadata } from './propose-metadata.js';
import { type Rewrite, rewriteCreateToken, rewriteDeleteToken, spliceToken } from './tokens.js';

/**
 * An operation that changes the metadata. What must be decided on the node that is asked is decided
 * here: secrets, bounds, and who joins a group. Everything else happens in consensus.
 */
export function beginMetadata(core: Core, request: Request, binding: Binding): Done {
  switch (request.operation) {
    case Operation.CreatePersonalAccessToken:
      return proposeRewritten(core, request, binding, rewriteCreateToken(core, request, binding));
    case Operation.DeletePersonalAccessToken:
      return proposeRewritten(core, request, binding, rewriteDeleteToken(request, binding));
    case Operation.JoinConsumerGroup:
      return proposeRewritten(core, request, binding, rewriteJoin(core, request, binding));
    case Operation.LeaveConsumerGroup:
      return proposeRewritten(core, request, binding, rewriteLeave(request, binding));
    default:
  }
  const body = requestBody(request.frame);
  const status = core.deps.metadata.admissionStatus(request.operation, body);
  if (status !== 0 && !isOutdated(core, request, binding, status)) {
    return deny(core, request, status);
  }
  switch (request.operation) {
    case Operation.CreateUser:
      return beginCreateUser(core, request, binding);
    case Operation.ChangePassword:
      return beginChangePassword(core, request, binding);
    default:
      return proposeMetadata(core, request, binding, { body });
  }
}

/** A metadata operation was committed, answered from the table, or refused. */
export function onDecided(core: Core, pending: PendingMetadata, outcome: ProposalOutcome): Done {
  const { request, binding } = pending;
  const { rawToken } = pending.change;
  switch (outcome.kind) {
    case 'committed': {
      const { op, reply } = outcome;
      const isToken = rawToken !== undefined;
      const frame = isToken ? spliceToken(request, binding, { rawToken, reply, op }) : reply;
      return answer(core, request, frame);
    }
    case 'duplicate':
      return answer(core, request, outcome.reply);
    case 'denied':
      return deny(core, request, outcome.status);
    case 'evicted':
      noteLoss(binding, outcome.reason);
      return evict(core, request, binding.clientId, outcome.reason);
    default:
      return reject(core, request, refusalCode(outcome), refusedOperation(request));
  }
}

/**
 * A bound that depends on the topic as it is now says nothing about a request that was decided when
 * the topic was another: its answer is in the table.
 */
function isOutdated(core: Core, request: Request, binding: Binding, status: number): boolean {
  const dependsOnState =
    request.operation === Operation.UpdateTopic && status === statusCode.invalidTopicSize;
  return dependsOnState && isRecorded(core, request, binding);
}

function proposeRewritten(core: Core, request: Request, binding: Binding, rewrite: Rewrite): Done {
  if (rewrite.status !== undefined) return deny(core, request, rewrite.status);
  proposeMetadata(core, request, binding, rewrite);
}

/** After these the session is over in the table, so a new login must not be given it again. */
function noteLoss(binding: Binding, reason: number): Done {
  const { NoSession, SessionTooLow, SessionError } = EvictionReason;
  if (reason === NoSession || reason === SessionTooLow || reason === SessionError) {
    binding.lost = true;
  }
}

/** Refusals of DeleteSegments need the operation whose replies have a result section. */
function refusedOperation(request: Request): number | undefined {
  return request.operation === Operation.DeleteSegments ? Operation.TruncatePartition : undefined;
}
