import { correlatedRequest } from './correlated.js';
import type { Exchange } from './exchange.js';
import { sessionTiming } from './options.js';
import { moveToSession, requestFrame } from './request-frame.js';
import type { Link, SessionCore } from './session-core.js';

/** Numbers of uncounted requests on a pipelined connection begin here. */
const uncountedBase = 1n << 63n;

/**
 * Puts a request on the wire. A mutation is encoded and numbered once: later copies have the same
 * bytes, but for the session number, which is that of the newest login.
 */
export function transmit(core: SessionCore, exchange: Exchange): void {
  const { link, identity } = core;
  if (link === undefined) return;
  const session = exchange.kind === 'register' ? undefined : identity.session;
  let frame = isStale(core, exchange, link) ? undefined : exchange.frame;
  if (frame === undefined) frame = encode(core, exchange, link);
  else if (session !== undefined && session !== exchange.session) moveToSession(frame, session);
  exchange.frame = frame;
  exchange.session = session;
  exchange.endpoint = link.endpoint;
  exchange.sent = true;
  exchange.resendAt = undefined;
  exchange.sends += 1;
  if (exchange.leaderCheckAt === 0) {
    exchange.leaderCheckAt = core.now + sessionTiming.leaderCheckMillis;
  }
  if (!core.active.includes(exchange)) core.active.push(exchange);
  core.wake(exchange.deadline);
  core.emit({ kind: 'send', link: link.id, frame });
}

/** The same frame again after a pause, on the same connection. */
export function replayLater(core: SessionCore, exchange: Exchange, reason: string): void {
  exchange.sent = false;
  exchange.resendAt = Math.min(core.now + sessionTiming.replayPauseMillis, exchange.deadline);
  core.wake(exchange.resendAt);
  announceRetry(core, exchange, reason);
}

/** Tells whoever listens that a request is sent again. */
export function announceRetry(
  core: SessionCore,
  { code, request }: Exchange,
  reason: string,
): void {
  const number = request === undefined ? {} : { request };
  core.notice({ kind: 'retrying', code, ...number, reason });
}

/** True when the encoded frame cannot be used on this connection. */
function isStale(core: SessionCore, exchange: Exchange, link: Link): boolean {
  // Numbered under an identity that is gone, and not applied under it: starts over.
  if (exchange.generation !== core.identity.generation) return true;
  const isCounted = exchange.kind === 'mutation' || exchange.kind === 'logout';
  if (isCounted && core.options.framing === 'vsr') return false;
  return exchange.link !== link.id;
}

function encode(core: SessionCore, exchange: Exchange, link: Link): Uint8Array {
  const { identity, options } = core;
  const { kind, code, operation, body, linearizable, hasRoom } = exchange;
  exchange.generation = identity.generation;
  exchange.clientId = identity.clientId;
  exchange.origin = identity.origin;
  exchange.link = link.id;
  if (options.framing === 'correlated') {
    core.tags += 1;
    exchange.request = BigInt(core.tags);
    return correlatedRequest({ code, id: core.tags }, body, hasRoom);
  }
  const request = numberFor(core, exchange);
  exchange.request = request;
  const session = kind === 'register' ? 0n : (identity.session ?? 0n);
  const stamped = kind !== 'partition' && kind !== 'read';
  const { clientId } = identity;
  const fields = { code, operation, clientId, session, request, stamped, linearizable };
  return requestFrame(fields, body, hasRoom);
}

function numberFor(core: SessionCore, { kind }: Exchange): bigint {
  if (kind === 'register') return 0n;
  // Whoever has used up all numbers may still leave, under the last one.
  const isLast = kind === 'logout' && core.identity.isExhausted;
  if (isLast) return core.identity.currentRequestId;
  if (kind === 'logout' || kind === 'mutation') return core.identity.nextRequestId();
  if (!core.pipelines) return core.identity.currentRequestId;
  core.tags += 1;
  return uncountedBase + BigInt(core.tags);
}
