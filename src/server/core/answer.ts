import { emptyBytes } from '../../base/index.js';
import { frameSizeMax, headerSize } from '../../wire/index.js';
import { answerCorrelated } from '../correlated/correlated-answer.js';
import type { Binding, Connection } from './connection.js';
import type { Core } from './core.js';
import type { Done } from './done.js';
import {
  denial,
  evictionFrame,
  readDenial,
  readReply,
  rejection,
  sessionReply,
} from './reply-frames.js';
import type { Request } from './request.js';
import { statusCode } from './status-codes.js';

/** Sends the one answer of a request and lets the connection's next frame be looked at. */
export function answer(core: Core, request: Request, frame: Uint8Array): Done {
  if (request.answered) return;
  request.answered = true;
  const { connection } = request;
  if (!connection.gone) {
    if (request.correlation !== undefined) answerCorrelated(core, request, frame);
    else core.out.push({ kind: 'send', connection: connection.id, frame });
  }
  if (request.awaited) release(core, connection);
}

/** Makes later frames of the connection wait for a request that was not awaited so far. */
export function hold(request: Request): Done {
  request.awaited = true;
  request.connection.busy = true;
}

/** Ends {@link hold}: the request goes on, later frames may overtake its answer. */
export function letGo(core: Core, request: Request): Done {
  if (!request.awaited) return;
  request.awaited = false;
  release(core, request.connection);
}

function release(core: Core, connection: Connection): Done {
  connection.busy = false;
  const mayWait = connection.queue.count > 0 || connection.framing === 'correlated';
  if (connection.ready || !mayWait) return;
  connection.ready = true;
  core.ready.push(connection);
}

/** Ends a request whose connection is gone; there is nobody to answer. */
export function abandon(request: Request): Done {
  request.answered = true;
}

/** Refused before replication: status, empty body. */
export function deny(core: Core, request: Request, status: number): Done {
  const { transportId } = request.connection;
  const commit = core.deps.consensus.status.commitMax;
  answer(core, request, denial(request.frame, { transportId, commit, status }));
}

/** Empty success in the name of the connection: there was no session to end. */
export function acknowledge(core: Core, request: Request): Done {
  deny(core, request, 0);
}

/** Refused in the result section, as metadata operations and logins are. */
export function reject(core: Core, request: Request, code: number, operation?: number): Done {
  const commit = core.deps.consensus.status.commitMax;
  const from = operation === undefined ? { commit, code } : { commit, code, operation };
  answer(core, request, rejection(request.frame, from));
}

/**
 * The payload of a read; empty for what does not exist. A list that has outgrown what a frame may
 * hold is refused for good: a client would close the connection over it, ask again, and so on.
 */
export function replyRead(core: Core, request: Request, body: Uint8Array, hasRoom = false): Done {
  if (headerSize + body.length > frameSizeMax) {
    return denyRead(core, request, statusCode.cannotSerialize);
  }
  const commit = core.deps.consensus.status.commitMax;
  answer(core, request, readReply(request.frame, commit, body, hasRoom));
}

/** A read that was refused after the login gate. */
export function denyRead(core: Core, request: Request, status: number): Done {
  answer(core, request, readDenial(request.frame, core.deps.consensus.status.commitMax, status));
}

/** A read before login; the commit position stays hidden from strangers. */
export function denyUnbound(core: Core, request: Request, status: number): Done {
  const { transportId } = request.connection;
  answer(core, request, denial(request.frame, { transportId, commit: 0, status }));
}

/** An empty answer in the name of a session, as logouts get. */
export function replyForSession(
  core: Core,
  request: Request,
  binding: Binding,
  from: { readonly commit: number; readonly status: number },
): Done {
  const { clientId, session } = binding;
  const body = emptyBytes;
  answer(core, request, sessionReply(request.frame, { clientId, session, body, ...from }));
}

export function evict(core: Core, request: Request, client: bigint, reason: number): Done {
  answer(core, request, evictionFrame({ cluster: core.config.cluster, client }, reason));
}
