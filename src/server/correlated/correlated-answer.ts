import { emptyBytes } from '../../base/index.js';
import {
  correlatedResponseCodec,
  decodeReply,
  EvictionReason,
  encode,
  Operation,
} from '../../wire/index.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import type { Request } from '../core/request.js';
import { statusCode } from '../core/status-codes.js';

/** Evictions that end a session, as opposed to those that refuse one request. */
const sessionEnding: ReadonlySet<number> = new Set([
  EvictionReason.NoSession,
  EvictionReason.SessionTooLow,
  EvictionReason.SessionError,
]);

/**
 * Turns an answer into a response: the payload alone, or the code, whichever channel it came on. An
 * eviction that ends the session ends every other outstanding request with it.
 *
 * @source Iggy session protocol, correlated frames
 */
export function answerCorrelated(core: Core, request: Request, frame: Uint8Array): Done {
  const outcome = decodeReply(frame);
  if (outcome.kind === 'ok') return respond(core, request, 0, outcome.payload);
  const isMutation = request.operation >= Operation.CreateStream && request.awaited;
  const isNotAccepted = outcome.code === statusCode.transientNotAccepted;
  // It may have happened when it was proposed before; that it cannot be now does not change that.
  const isInDoubt =
    isMutation && request.replayUntilTick > 0 && (isNotAccepted || outcome.kind === 'eviction');
  if (isMutation && !isInDoubt && (isNotAccepted || outcome.kind === 'status')) {
    core.correlated.get(request.connection.id)?.takeBackMutation();
  }
  const code = isInDoubt ? statusCode.transientNotCommitted : outcome.code;
  respond(core, request, code, emptyBytes);
  const isLogin = request.operation === Operation.Register;
  if (outcome.kind !== 'eviction' || isLogin || !sessionEnding.has(outcome.reason)) return;
  failOutstanding(core, request.connection.id, outcome.code);
  core.sessions.unbind(request.connection);
}

/** Answers every outstanding request of a connection with one code. */
export function failOutstanding(core: Core, connection: number, code: number): Done {
  const state = core.correlated.get(connection);
  if (state === undefined) return;
  state.waiting.length = 0;
  for (const request of [...state.outstanding.values()]) {
    request.answered = true;
    if (request.awaited) request.connection.busy = false;
    respond(core, request, code, emptyBytes);
  }
}

/** A second use of an id that is outstanding is refused without touching the first. */
export function refuseDuplicate(core: Core, connection: number, requestId: bigint): Done {
  const response = { status: statusCode.invalidCommand, requestId, payload: emptyBytes };
  const frame = encode(correlatedResponseCodec, response);
  core.out.push({ kind: 'send', connection, frame });
}

function respond(core: Core, request: Request, status: number, payload: Uint8Array): Done {
  const { correlation: requestId, connection } = request;
  if (requestId === undefined) return;
  core.correlated.get(connection.id)?.remove(requestId);
  const frame = encode(correlatedResponseCodec, { status, requestId, payload });
  core.out.push({ kind: 'send', connection: connection.id, frame });
}
