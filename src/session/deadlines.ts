import { emptyBytes } from '../base/index.js';
import { type Exchange, newExchange } from './exchange.js';
import type { SessionFailure, TimeoutFailure } from './failure.js';
import { becomeIdle, cannotConnect, dialFailed, hangUp } from './link.js';
import { failLogin } from './login.js';
import { CommandCode, kindOf, operationOf } from './request-kind.js';
import type { SessionCore } from './session-core.js';
import { transmit } from './transmit.js';

/** Does what is due at `core.now`, and asks for the next tick. */
export function onTick(core: SessionCore): void {
  expireDial(core);
  expireConnects(core);
  expireWaiting(core);
  expireActive(core);
  expireLogin(core);
  resendDue(core);
  pingWhenDue(core);
  core.clearWake();
  scheduleAll(core);
}

function expireDial(core: SessionCore): void {
  const { link } = core;
  if (core.phase !== 'dialling' || link === undefined || core.now < link.dialDeadline) return;
  core.emit({ kind: 'hang-up', link: link.id });
  dialFailed(core, `no connection within ${core.options.dialTimeoutMillis} ms`);
}

function expireConnects(core: SessionCore): void {
  const isDue = core.connects.some((each) => core.now >= each.deadline);
  if (!isDue) return;
  const { connects } = core;
  core.connects = [];
  const report = { code: 0, retries: 0 };
  for (const waiting of connects) {
    if (core.now < waiting.deadline) core.connects.push(waiting);
    else {
      const failure = whyWaiting(core, waiting.startedAt);
      core.settle(waiting.call, { ok: false, failure, report });
    }
  }
  const isUnconnected = core.phase === 'waiting' || core.phase === 'dialling';
  if (!isUnconnected || core.isBusy) return;
  // The caller knows that connecting failed; nothing may go on behind its back.
  giveUpDialling(core);
}

/** Ends an attempt to connect that nobody waits for. */
export function giveUpDialling(core: SessionCore): void {
  if (core.link !== undefined) core.emit({ kind: 'hang-up', link: core.link.id });
  core.link = undefined;
  becomeIdle(core, cannotConnect(core));
}

/** Requests that were not on the wire when their time ran out. */
function expireWaiting(core: SessionCore): void {
  if (!core.waiting.some((each) => core.now >= each.deadline)) return;
  const { waiting } = core;
  core.waiting = [];
  for (const exchange of waiting) {
    if (core.now < exchange.deadline) core.waiting.push(exchange);
    else if (exchange.doubt !== undefined) core.failInDoubt(exchange, exchange.doubt);
    else core.fail(exchange, exchange.transient ?? whyWaiting(core, exchange.startedAt));
  }
}

/** What a call waited for in vain: a login that no node accepts, a connection, or its turn. */
function whyWaiting(core: SessionCore, startedAt: number): SessionFailure {
  const isAsked = core.active.some(
    ({ purpose, sent, transient }) => purpose === 'login' && sent && transient === undefined,
  );
  // A node that was asked and says nothing may yet register the session.
  if (core.login?.refusal !== undefined && !isAsked) return core.login.refusal;
  const isUnconnected = core.phase === 'waiting' || core.phase === 'dialling';
  if (isUnconnected && core.lastDialProblem !== undefined) return cannotConnect(core);
  return timeout(core, startedAt, 'waiting');
}

/**
 * Requests on the wire. One that pauses ends with the last transient code, and the connection goes
 * on; one without an answer ends the connection, as a late answer would be taken for the next one.
 */
function expireActive(core: SessionCore): void {
  let silent: Exchange | undefined;
  for (const exchange of [...core.active]) {
    if (core.now < exchange.deadline) continue;
    if (exchange.sent) silent = exchange;
    else if (exchange.purpose === 'login' && core.login !== undefined) {
      core.release(exchange);
      failLogin(core, core.login, exchange.transient ?? timeout(core, exchange.startedAt, 'sent'));
    } else {
      core.release(exchange);
      core.fail(exchange, exchange.transient ?? timeout(core, exchange.startedAt, 'sent'));
    }
  }
  if (silent === undefined) return;
  for (const exchange of [...core.active]) {
    if (exchange.sent && core.now >= exchange.deadline) giveUpOn(core, exchange);
  }
  hangUp(core, `no answer from the server within ${core.now - silent.startedAt} ms`);
}

function giveUpOn(core: SessionCore, exchange: Exchange): void {
  const failure = timeout(core, exchange.startedAt, 'sent');
  if (exchange.purpose === 'login' && core.login !== undefined) {
    failLogin(core, core.login, failure);
  } else core.failInDoubt(exchange, failure);
}

/** A login that found no connection in time, or whose look at the roster takes too long. */
function expireLogin(core: SessionCore): void {
  const { login } = core;
  if (login === undefined || core.now < login.deadline || core.phase === 'settling') return;
  const { phase } = core;
  failLogin(core, login, whyWaiting(core, login.startedAt));
  // Failing a login leaves an open connection; here there is none.
  if (phase === 'waiting' || phase === 'dialling') core.phase = phase;
}

function resendDue(core: SessionCore): void {
  for (const exchange of [...core.active]) {
    if (exchange.resendAt !== undefined && core.now >= exchange.resendAt) transmit(core, exchange);
  }
}

function pingWhenDue(core: SessionCore): void {
  const pause = core.options.heartbeatMillis;
  if (pause <= 0 || !isConnected(core) || core.now < core.pingAt) return;
  core.pingAt = core.now + pause;
  // Traffic, as that of a login, tells the server as much as a ping does.
  const isQuiet = core.phase === 'ready' || core.phase === 'open';
  if (!isQuiet || core.active.length > 0 || core.waiting.length > 0) return;
  const code = CommandCode.ping;
  const operation = operationOf(code);
  const deadline = core.now + core.options.requestTimeoutMillis;
  transmit(
    core,
    newExchange({
      call: undefined,
      ...{ purpose: 'ping', code, operation, kind: kindOf(operation) },
      ...{ body: emptyBytes, startedAt: core.now, deadline },
    }),
  );
}

function timeout(
  core: SessionCore,
  startedAt: number,
  stage: TimeoutFailure['stage'],
): TimeoutFailure {
  return { kind: 'timeout', code: 8, afterMillis: Math.round(core.now - startedAt), stage };
}

function scheduleAll(core: SessionCore): void {
  const { phase, link, settling, login } = core;
  if (phase === 'waiting') core.wake(core.dialAt);
  if (phase === 'dialling' && link !== undefined) core.wake(link.dialDeadline);
  if (settling !== undefined && core.active.length === 0) core.wake(settling.nextReadAt);
  if (login !== undefined && phase !== 'settling') core.wake(login.deadline);
  for (const each of core.connects) core.wake(each.deadline);
  for (const each of core.waiting) core.wake(each.deadline);
  for (const each of core.active)
    core.wake(Math.min(each.resendAt ?? each.deadline, each.deadline));
  if (isConnected(core) && core.options.heartbeatMillis > 0) core.wake(core.pingAt);
}

function isConnected({ phase }: SessionCore): boolean {
  return phase !== 'idle' && phase !== 'waiting' && phase !== 'dialling' && phase !== 'shutdown';
}
