import type { Answer } from './answer.js';
import type { CallReply } from './effects.js';
import { type Exchange, reportOf } from './exchange.js';
import type { ServerFailure } from './failure.js';
import { hangUp } from './link.js';
import { CommandCode, hasEmptyResponse } from './request-kind.js';
import type { SessionCore } from './session-core.js';
import { replayLater } from './transmit.js';

const unauthenticated = 40;
const staleClient = 30;
const notDecided = 57;
const notAccepted = 58;
const alreadyApplied = 59;
const sendMessagesCode = 101;

/** The answer to a request of the caller. Evictions and malformed bytes are dealt with before. */
export function onCallAnswer(
  core: SessionCore,
  exchange: Exchange,
  answer: Answer,
  frame: Uint8Array,
): void {
  if (answer.kind === 'payload') onPayload(core, exchange, answer.payload, frame);
  else if (answer.kind === 'code') onCode(core, exchange, { ...answer, kind: 'server' });
}

function onPayload(
  core: SessionCore,
  exchange: Exchange,
  payload: Uint8Array,
  frame: Uint8Array,
): void {
  core.release(exchange);
  if (exchange.code === sendMessagesCode && payload.length === 0) {
    // A batch that was stored is confirmed; nothing confirms nothing.
    const reason = 'the reply to sent messages holds no confirmation';
    core.fail(exchange, { kind: 'protocol', code: 3, reason });
    return;
  }
  succeed(core, exchange, payload, frame, false);
}

function succeed(
  core: SessionCore,
  exchange: Exchange,
  payload: Uint8Array,
  frame: Uint8Array,
  applied: boolean,
): void {
  const isVsr = core.options.framing === 'vsr';
  const report = reportOf(exchange);
  const reply: CallReply = isVsr
    ? { payload, report, alreadyApplied: applied, frame }
    : { payload, report, alreadyApplied: applied };
  core.finish(exchange, { ok: true, kind: 'reply', reply });
}

function onCode(core: SessionCore, exchange: Exchange, failure: ServerFailure): void {
  switch (failure.code) {
    case notDecided:
    case notAccepted:
      onTransient(core, exchange, failure);
      return;
    case alreadyApplied:
      onAlreadyApplied(core, exchange, failure);
      return;
    case unauthenticated:
    case staleClient:
      onSessionGone(core, exchange, failure);
      return;
    default:
      core.release(exchange);
      core.fail(exchange, failure);
  }
}

/**
 * 57 and 58: the same frame again, on the same connection. 57 pins the request to its identity, as it
 * may be committed yet; 58 says it was never admitted, so after a while another node is looked for.
 */
function onTransient(core: SessionCore, exchange: Exchange, failure: ServerFailure): void {
  if (exchange.call === undefined) {
    core.release(exchange);
    return;
  }
  exchange.transient = failure;
  const isCorrelated = core.options.framing === 'correlated';
  if (failure.code === notDecided) {
    if (exchange.kind === 'mutation') exchange.doubt = failure;
    if (isCorrelated) {
      // The server has replayed it long enough already.
      core.release(exchange);
      core.fail(exchange, failure);
    } else {
      if (exchange.kind === 'partition') exchange.doubtful += 1;
      replayLater(core, exchange, 'the outcome is not decided yet (57)');
    }
    return;
  }
  const isLoggedIn = core.phase === 'ready' || core.phase === 'settling';
  const mayMove = core.options.followLeader && !isCorrelated && isLoggedIn;
  if (!mayMove || core.now < exchange.leaderCheckAt) {
    replayLater(core, exchange, 'not accepted (58)');
    return;
  }
  exchange.leaderCheckAt = 0;
  core.requeue(exchange);
  core.phase = 'settling';
  core.settling ??= { until: core.now, nextReadAt: core.now };
}

/** 59: it was applied, and its reply is gone. */
function onAlreadyApplied(core: SessionCore, exchange: Exchange, failure: ServerFailure): void {
  core.release(exchange);
  const wasSentBefore = exchange.doubt !== undefined;
  if (wasSentBefore && hasEmptyResponse(exchange.code)) {
    succeed(core, exchange, new Uint8Array(0), new Uint8Array(0), true);
  } else if (exchange.resends > 0) core.failInDoubt(exchange, failure, true);
  else core.fail(exchange, failure);
}

/** 40 or 30 in a reply: the server knows no session here, so the request had no effect. */
function onSessionGone(core: SessionCore, exchange: Exchange, failure: ServerFailure): void {
  core.release(exchange);
  if (exchange.code === CommandCode.getClusterMetadata) {
    core.fail(exchange, failure);
    return;
  }
  const wasBound = core.identity.session !== undefined;
  const reason = `the server knows no session on this connection (${failure.code})`;
  if (wasBound && core.canLogIn && exchange.logins === 0) {
    exchange.logins += 1;
    core.requeue(exchange);
    core.nodes.forgive();
    core.notice({ kind: 'signed-out', reason });
    hangUp(core, reason);
    return;
  }
  if (exchange.doubt === undefined) core.fail(exchange, failure);
  else core.failInDoubt(exchange, failure);
  if (!wasBound) return;
  core.identity.unbind();
  core.phase = 'open';
  core.notice({ kind: 'signed-out', reason });
}

/** The answer to a logout. After it the connection is as good as new. */
export function onLogoutAnswer(core: SessionCore, exchange: Exchange, answer: Answer): void {
  if (answer.kind === 'code' && (answer.code === notDecided || answer.code === notAccepted)) {
    exchange.transient = { ...answer, kind: 'server' };
    replayLater(core, exchange, `the logout is not decided yet (${answer.code})`);
    return;
  }
  core.release(exchange);
  const isSwitch = exchange.call === undefined;
  if (answer.kind === 'code' && !isSwitch && answer.code !== unauthenticated) {
    core.fail(exchange, { ...answer, kind: 'server' });
    return;
  }
  signOut(core, 'logged out');
  core.finish(exchange, { ok: true, kind: 'done' });
}

/** The session has ended, on purpose; no automatic login undoes that. */
export function signOut(core: SessionCore, reason: string): void {
  core.identity.unbind();
  core.identity.origin = undefined;
  core.credentials = undefined;
  core.phase = 'open';
  core.fresh = false;
  core.notice({ kind: 'signed-out', reason });
}

/** The answer to a ping. */
export function onPingAnswer(core: SessionCore, exchange: Exchange, answer: Answer): void {
  core.release(exchange);
  const ok = answer.kind === 'payload';
  core.notice({ kind: 'heartbeat', ok, ...(ok ? {} : { reason: 'the ping was refused' }) });
}
