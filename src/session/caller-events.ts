import { emptyBytes } from '../base/index.js';
import { headerSize } from '../wire/index.js';
import { giveUpDialling } from './deadlines.js';
import type { SessionEvent } from './events.js';
import { newExchange } from './exchange.js';
import type { ConnectionFailure, SessionFailure } from './failure.js';
import { becomeIdle, beginDialling, failEverything } from './link.js';
import { CommandCode, isReservedCode, kindOf, operationOf } from './request-kind.js';
import type { SessionCore } from './session-core.js';

type EventOf<K extends SessionEvent['kind']> = Extract<SessionEvent, { readonly kind: K }>;

const clientClosed: ConnectionFailure = {
  kind: 'connection',
  code: 63,
  reason: 'the client was closed',
};

const notConnected: ConnectionFailure = {
  kind: 'connection',
  code: 61,
  reason: 'not connected',
};

/** The caller wants a connection. */
export function onConnect(core: SessionCore, event: EventOf<'connect'>): void {
  if (core.phase === 'shutdown') {
    refuse(core, event.call, clientClosed);
    return;
  }
  if (core.phase === 'open' && core.refusal !== undefined) {
    // Asked for again on purpose, so the credentials get another try.
    core.refusal = undefined;
    core.fresh = true;
  }
  const isConnected = core.phase === 'ready' || (core.phase === 'open' && !core.fresh);
  if (isConnected) {
    core.settle(event.call, { ok: true, kind: 'done' });
    return;
  }
  const deadline = deadlineOf(core, event);
  core.connects.push({ call: event.call, startedAt: core.now, deadline });
  core.wake(deadline);
  if (core.phase !== 'idle') return;
  core.nodes.restart();
  core.rounds = 0;
  core.lastDialProblem = undefined;
  beginDialling(core);
}

/** @param event with credentials that can be encoded */
export function onLogin(core: SessionCore, event: EventOf<'login'>): void {
  enqueue(core, { ...event, code: CommandCode.loginRegister, body: emptyBytes }, 'login');
}

export function onLogout(core: SessionCore, event: EventOf<'logout'>): void {
  enqueue(core, { ...event, code: CommandCode.logoutUser, body: emptyBytes }, 'logout');
}

export function onCall(core: SessionCore, event: EventOf<'call'>): void {
  if (isReservedCode(event.code)) {
    const reason = `command ${event.code} is sent by login and logout only`;
    refuse(core, event.call, { kind: 'local', code: 3, reason });
  } else if (event.body.length > core.options.maxFrameBytes - headerSize) {
    const reason = `a body of ${event.body.length} bytes is above the frame limit`;
    refuse(core, event.call, { kind: 'local', code: 3, reason });
  } else enqueue(core, event, 'call');
}

function enqueue(
  core: SessionCore,
  event: Omit<EventOf<'call'>, 'kind'> & Partial<Pick<EventOf<'login'>, 'credentials'>>,
  purpose: 'call' | 'login' | 'logout',
): void {
  if (core.phase === 'shutdown' || core.phase === 'idle') {
    refuse(core, event.call, core.phase === 'shutdown' ? clientClosed : notConnected);
    return;
  }
  const { call, code, body, credentials } = event;
  const operation = operationOf(code);
  const deadline = deadlineOf(core, event);
  const exchange = newExchange({
    call,
    purpose,
    code,
    operation,
    kind: kindOf(operation),
    body,
    startedAt: core.now,
    deadline,
    credentials,
    hasRoom: event.hasRoom ?? false,
    linearizable: event.consistency === 'linearizable' && kindOf(operation) === 'read',
    retry: event.retry ?? core.options.retry,
    evenUnbound: event.evenUnbound ?? false,
  });
  core.waiting.push(exchange);
  core.wake(deadline);
}

/** The caller does not wait any more. What is on the wire stays there, as its place is taken. */
export function onCancel(core: SessionCore, call: number): void {
  const failure: SessionFailure = { kind: 'cancelled', code: 8, stage: 'waiting' };
  const connect = core.connects.findIndex((each) => each.call === call);
  if (connect >= 0) {
    core.connects.splice(connect, 1);
    refuse(core, call, failure);
    const isUnconnected = core.phase === 'waiting' || core.phase === 'dialling';
    if (isUnconnected && !core.isBusy && core.login === undefined) giveUpDialling(core);
    return;
  }
  if (core.login?.call === call) {
    core.login.call = undefined;
    refuse(core, call, { ...failure, stage: 'sent' });
    return;
  }
  const waiting = core.waiting.find((each) => each.call === call);
  if (waiting !== undefined) {
    core.waiting.splice(core.waiting.indexOf(waiting), 1);
    core.fail(waiting, { ...failure, stage: waiting.sends > 0 ? 'sent' : 'waiting' });
    return;
  }
  const active = core.active.find((each) => each.call === call);
  if (active === undefined) return;
  core.fail(active, { ...failure, stage: 'sent' });
  if (!active.sent) core.release(active);
}

/** The caller ends the connection, or everything. */
export function onEnd(core: SessionCore, phase: 'idle' | 'shutdown'): void {
  if (core.phase === 'shutdown') return;
  const { link } = core;
  core.link = undefined;
  core.settling = undefined;
  if (link !== undefined) {
    core.emit({ kind: 'hang-up', link: link.id });
    const reason = 'closed by the caller';
    core.notice({ kind: 'disconnected', endpoint: link.endpoint, reason });
  }
  core.identity.unbind();
  if (phase === 'shutdown') {
    failEverything(core, clientClosed);
    core.phase = 'shutdown';
    core.clearWake();
    core.notice({ kind: 'shutdown' });
  } else {
    becomeIdle(core, { kind: 'connection', code: 8, reason: 'disconnected by the caller' });
  }
}

function refuse(core: SessionCore, call: number, failure: SessionFailure): void {
  core.settle(call, { ok: false, failure, report: { code: 0, retries: 0 } });
}

function deadlineOf(
  core: SessionCore,
  { timeoutMillis }: { readonly timeoutMillis?: number },
): number {
  return core.now + (timeoutMillis ?? core.options.requestTimeoutMillis);
}
