import { EvictionReason, evictionReasonInfo } from '../wire/index.js';
import { signOut } from './call-answers.js';
import type { Exchange } from './exchange.js';
import type { EvictedFailure } from './failure.js';
import { hangUp } from './link.js';
import { failLogin } from './login.js';
import type { SessionCore } from './session-core.js';

const unauthenticated = 40;
const staleClient = 30;

/**
 * The server ended the session. An eviction names no request: it answers everything that is
 * outstanding. Nothing it answers was applied, so what may log in again is sent again, once.
 * Evictions in place of a login reply are not dealt with here.
 */
export function onEviction(core: SessionCore, failure: EvictedFailure): void {
  const outstanding = [...core.active];
  const isStale = failure.reason === EvictionReason.StaleClient;
  const name = evictionReasonInfo(failure.reason)?.name ?? `reason ${failure.reason}`;
  const isFenced =
    failure.reason === EvictionReason.SessionTooLow ||
    failure.reason === EvictionReason.SessionError;
  // A login that was accepted and is still looking for the leader has failed after all.
  if (core.login !== undefined) failLogin(core, core.login, failure);
  dropSession(core, `evicted: ${name}`);
  if (isFenced && core.identity.pinned) core.refusal = failure;
  // Sending again takes a new connection; who forbids that learns why the session ended instead.
  const mayLogIn =
    core.canLogIn &&
    core.reconnects &&
    (failure.code === unauthenticated || failure.code === staleClient);
  let again = 0;
  for (const exchange of outstanding.reverse()) {
    if (answerWith(core, exchange, failure, mayLogIn)) again += 1;
  }
  // Somebody else holds this client id now; taking it back would start a fight.
  if (isFenced && !core.identity.pinned) core.identity.resetIdentity();
  if (outstanding.length === 0 && !mayLogIn) core.held = failure;
  // Answers to the others may still come, and would belong to nothing.
  if (isStale || again > 0 || outstanding.length > 1) {
    if (again > 0) core.nodes.forgive();
    hangUp(core, `evicted: ${name}`);
  }
}

/** True when the exchange waits to be sent again. */
function answerWith(
  core: SessionCore,
  exchange: Exchange,
  failure: EvictedFailure,
  mayLogIn: boolean,
): boolean {
  core.release(exchange);
  if (exchange.purpose === 'ping') {
    core.notice({ kind: 'heartbeat', ok: false, reason: 'evicted' });
    return false;
  }
  if (exchange.purpose === 'logout') {
    signOut(core, 'the session was gone already');
    core.finish(exchange, { ok: true, kind: 'done' });
    return false;
  }
  if (exchange.purpose !== 'call') return false;
  if (mayLogIn && exchange.logins === 0) {
    exchange.logins += 1;
    core.requeue(exchange);
    return true;
  }
  if (exchange.doubt === undefined) core.fail(exchange, failure);
  else core.failInDoubt(exchange, failure);
  return false;
}

function dropSession(core: SessionCore, reason: string): void {
  const wasBound = core.identity.session !== undefined;
  core.identity.unbind();
  core.settling = undefined;
  core.phase = 'open';
  core.fresh = false;
  if (wasBound) core.notice({ kind: 'signed-out', reason });
}
