import { FrameSplitter } from '../wire/index.js';
import type { Endpoint } from './endpoint.js';
import type { Exchange } from './exchange.js';
import type { ConnectionFailure, SessionFailure } from './failure.js';
import type { SessionCore } from './session-core.js';
import { announceRetry } from './transmit.js';

/** Dials the next node, or says when that is due. Runs while the phase is `waiting`. */
export function dialNext(core: SessionCore): void {
  if (core.now < core.dialAt) {
    core.wake(core.dialAt);
    return;
  }
  const step = core.nodes.next(core.now);
  switch (step.kind) {
    case 'dial': {
      core.links += 1;
      core.dials += 1;
      const id = core.links;
      const dialDeadline = core.now + core.options.dialTimeoutMillis;
      const family = core.options.framing === 'vsr' ? 'consensus' : 'correlated-response';
      const splitter = new FrameSplitter(family, core.options.maxFrameBytes);
      core.link = { id, endpoint: step.endpoint, splitter, dialDeadline };
      core.phase = 'dialling';
      core.wake(dialDeadline);
      core.emit({ kind: 'dial', link: id, endpoint: step.endpoint });
      return;
    }
    case 'wait':
      core.dialAt = step.until;
      core.wake(step.until);
      return;
    case 'round-over':
      endRound(core);
  }
}

/** Every node was tried: pause, or give up. */
function endRound(core: SessionCore): void {
  const { maxRetries } = core.options.reconnect;
  core.rounds += 1;
  if (!core.reconnects || (maxRetries !== undefined && core.rounds > maxRetries)) {
    becomeIdle(core, cannotConnect(core));
    return;
  }
  core.dialAt = core.now + pause(core);
  core.wake(core.dialAt);
}

/** The pause between two rounds, changed by up to a fifth so that clients do not come together. */
function pause({ options, entropy }: SessionCore): number {
  return options.reconnect.intervalMillis * (0.8 + 0.4 * entropy.unit());
}

/** Starts to connect, at once if the nodes allow it. */
export function beginDialling(core: SessionCore): void {
  core.phase = 'waiting';
  core.dialAt = core.now;
  core.dials = 0;
}

/** The dial did not give a connection. */
export function dialFailed(core: SessionCore, reason: string): void {
  const { link } = core;
  if (link === undefined) return;
  core.link = undefined;
  core.nodes.failed(link.endpoint, core.now);
  core.lastDialProblem = { endpoint: link.endpoint, reason };
  core.notice({ kind: 'dial-failed', endpoint: link.endpoint, reason });
  core.phase = 'waiting';
  core.dialAt = core.now;
}

/** The connection can be used. */
export function opened(core: SessionCore): void {
  const { link } = core;
  if (link === undefined) return;
  core.nodes.connected(link.endpoint, core.now);
  core.rounds = 0;
  core.dials = 0;
  core.lastDialProblem = undefined;
  core.phase = 'open';
  core.fresh = true;
  core.wasAnswered = false;
  core.refusal = undefined;
  core.held = undefined;
  core.pingAt = core.now + core.options.heartbeatMillis;
  if (core.options.heartbeatMillis > 0) core.wake(core.pingAt);
  core.notice({ kind: 'connected', endpoint: link.endpoint });
}

/** Drops the connection on this side, then goes on as if it had been lost. */
export function hangUp(core: SessionCore, reason: string): void {
  const { link } = core;
  if (link === undefined) return;
  core.emit({ kind: 'hang-up', link: link.id });
  linkLost(core, reason);
}

/**
 * The connection is gone. What was on it is kept for the next one, or failed; the identity stays,
 * its session number does not.
 */
export function linkLost(core: SessionCore, reason: string): void {
  const { link } = core;
  if (link === undefined) return;
  core.link = undefined;
  core.identity.unbind();
  core.settling = undefined;
  const failure: ConnectionFailure = {
    kind: 'connection',
    code: 8,
    reason,
    endpoint: link.endpoint,
  };
  core.notice({ kind: 'disconnected', endpoint: link.endpoint, reason });
  // Backwards, since each goes to the front.
  for (const exchange of [...core.active].reverse()) keepOrFail(core, exchange, failure);
  core.active = [];
  if (!core.reconnects) {
    becomeIdle(core, failure);
    return;
  }
  beginDialling(core);
  // A node that only takes connections to drop them must not be dialled in circles.
  if (!core.wasAnswered && !core.nodes.hasAlternative()) core.dialAt = core.now + pause(core);
}

/** Leaves for another node on purpose; nothing is outstanding. */
export function redirect(core: SessionCore, target: Endpoint): void {
  const { link } = core;
  if (link === undefined) return;
  core.emit({ kind: 'hang-up', link: link.id });
  core.notice({ kind: 'disconnected', endpoint: link.endpoint, reason: 'moving to the leader' });
  core.link = undefined;
  core.settling = undefined;
  core.identity.unbind();
  core.nodes.redirectTo(target);
  beginDialling(core);
}

function keepOrFail(core: SessionCore, exchange: Exchange, failure: ConnectionFailure): void {
  const wasSent = exchange.sent;
  core.release(exchange);
  if (exchange.purpose === 'ping') {
    core.notice({ kind: 'heartbeat', ok: false, reason: failure.reason });
  }
  if (exchange.purpose !== 'call') {
    if (exchange.purpose === 'logout' && exchange.call !== undefined) {
      // The server ends the session of a lost connection; nothing here may begin another.
      core.credentials = undefined;
      core.fail(exchange, failure);
    }
    return;
  }
  if (!wasSent) {
    // It was pausing, so its last copy has an answer.
    core.requeue(exchange);
  } else if (exchange.kind === 'partition') {
    core.fail(exchange, failure);
  } else if (exchange.kind === 'read') {
    if (exchange.resends > 0) core.fail(exchange, failure);
    else resend(core, exchange, failure.reason);
  } else {
    exchange.doubt = failure;
    if (core.options.framing === 'correlated') core.failInDoubt(exchange, failure);
    else resend(core, exchange, failure.reason);
  }
}

function resend(core: SessionCore, exchange: Exchange, reason: string): void {
  exchange.resends += 1;
  announceRetry(core, exchange, `the connection was lost (${reason})`);
  core.requeue(exchange);
}

/** Nobody reconnects from here on: everything that waits fails. */
export function becomeIdle(core: SessionCore, failure: SessionFailure): void {
  core.phase = 'idle';
  core.nodes.restart();
  core.rounds = 0;
  failEverything(core, failure);
}

/** Fails all open calls; mutations that were sent before say that their outcome is unknown. */
export function failEverything(core: SessionCore, failure: SessionFailure): void {
  const { connects, waiting, active, login } = core;
  core.connects = [];
  core.waiting = [];
  core.active = [];
  core.login = undefined;
  const report = { code: 0, retries: 0 };
  for (const { call } of connects) core.settle(call, { ok: false, failure, report });
  if (login !== undefined) core.settle(login.call, { ok: false, failure, report });
  for (const exchange of active) {
    if (exchange.sent || exchange.doubt !== undefined) core.failInDoubt(exchange, failure);
    else core.fail(exchange, failure);
  }
  for (const exchange of waiting) {
    if (exchange.doubt !== undefined) core.failInDoubt(exchange, exchange.doubt);
    else core.fail(exchange, failure);
  }
}

/** Why connecting was given up, with what the last dial said. */
export function cannotConnect(core: SessionCore): ConnectionFailure {
  const problem = core.lastDialProblem;
  return {
    kind: 'connection',
    code: 9,
    reason: problem?.reason ?? 'no node answered',
    ...(problem === undefined ? {} : { endpoint: problem.endpoint }),
    attempts: core.dials,
  };
}
