import { emptyBytes } from '../base/index.js';
import { type Exchange, newExchange } from './exchange.js';
import type { LocalFailure } from './failure.js';
import { dialNext } from './link.js';
import { automaticLogin, newLogin, sendLogin } from './login.js';
import { maxOutstanding } from './options.js';
import { CommandCode, kindOf, operationOf } from './request-kind.js';
import type { SessionCore } from './session-core.js';
import { readRosterWhenDue } from './settle.js';
import { transmit } from './transmit.js';

/** Does everything that can be done now, after an event changed the state. */
export function advance(core: SessionCore): void {
  while (advanceOnce(core));
}

/** One step; true when there may be another. */
function advanceOnce(core: SessionCore): boolean {
  switch (core.phase) {
    case 'idle':
    case 'shutdown':
    case 'dialling':
    case 'authenticating':
      return false;
    case 'waiting':
      if (core.now < core.dialAt) {
        core.wake(core.dialAt);
        return false;
      }
      dialNext(core);
      return true;
    case 'open':
      return advanceOpen(core);
    case 'settling':
      return readRosterWhenDue(core);
    case 'ready':
      return core.pipelines ? fillPipeline(core) : sendNext(core);
  }
}

/** Connected, and not logged in. */
function advanceOpen(core: SessionCore): boolean {
  if (core.active.length > 0) return false;
  if (core.login !== undefined) {
    sendLogin(core, core.login);
    return true;
  }
  const head = core.waiting[0];
  if (core.fresh) {
    core.fresh = false;
    beginConnection(core, head);
    return true;
  }
  for (const { call } of core.connects.splice(0)) {
    core.settle(call, { ok: true, kind: 'done' });
  }
  if (head === undefined) return false;
  core.waiting.shift();
  sendUnbound(core, head);
  return true;
}

/** A new connection: log in if that needs nobody, and if nobody is about to do it. */
function beginConnection(core: SessionCore, head: Exchange | undefined): void {
  if (head?.purpose === 'login') return;
  if (core.credentials !== undefined && core.canLogIn) {
    core.login = automaticLogin(core, core.credentials);
    return;
  }
  const { waiting } = core;
  core.waiting = [];
  for (const exchange of waiting) {
    if (exchange.doubt === undefined) core.waiting.push(exchange);
    else core.failInDoubt(exchange, exchange.doubt);
  }
}

function sendUnbound(core: SessionCore, exchange: Exchange): void {
  const { code, kind, purpose, credentials } = exchange;
  if (purpose === 'login' && credentials !== undefined) {
    core.login = newLogin(credentials, exchange);
  } else if (code === CommandCode.ping || code === CommandCode.getClusterMetadata) {
    transmit(core, exchange);
  } else if (core.held !== undefined && purpose === 'call') {
    const { held } = core;
    core.held = undefined;
    core.fail(exchange, held);
  } else if (purpose === 'call' && core.credentials !== undefined && core.canLogIn) {
    core.waiting.unshift(exchange);
    core.login = automaticLogin(core, core.credentials);
  } else if (kind === 'read' && exchange.evenUnbound) {
    transmit(core, exchange);
  } else core.fail(exchange, notLoggedIn(core));
}

function notLoggedIn({ refusal }: SessionCore): LocalFailure {
  const reason = refusal === undefined ? 'not logged in' : 'the last login was refused';
  return { kind: 'local', code: 40, reason, ...(refusal === undefined ? {} : { cause: refusal }) };
}

/** Lockstep: the next request leaves when the one before it has its answer. */
function sendNext(core: SessionCore): boolean {
  if (core.active.length > 0) return false;
  const head = core.waiting.shift();
  if (head === undefined) return false;
  sendBound(core, head);
  return true;
}

/**
 * Several requests at a time, but one mutation: the server remembers the highest number only, so of
 * two outstanding ones the lower could be taken for applied. Logins and logouts go alone.
 */
function fillPipeline(core: SessionCore): boolean {
  if (core.active.length >= maxOutstanding) return false;
  const oneMutation = core.options.framing === 'vsr';
  const isAlone = (each: Exchange) => each.purpose === 'login' || each.purpose === 'logout';
  if (core.active.some(isAlone)) return false;
  const isMutating = oneMutation && core.active.some((each) => each.kind === 'mutation');
  for (const [index, exchange] of core.waiting.entries()) {
    if (isAlone(exchange)) {
      if (index > 0 || core.active.length > 0) return false;
    } else if (isMutating && exchange.kind === 'mutation') continue;
    core.waiting.splice(index, 1);
    sendBound(core, exchange);
    return true;
  }
  return false;
}

function sendBound(core: SessionCore, exchange: Exchange): void {
  if (exchange.purpose === 'login') {
    core.waiting.unshift(exchange);
    transmit(core, logoutBefore(core, exchange));
    return;
  }
  const isOurs = core.server?.isOurs === true && core.options.framing === 'vsr';
  if (exchange.linearizable && !isOurs) {
    const reason = 'linearizable reads need a server of this project, on its ordinary port';
    core.fail(exchange, { kind: 'local', code: 5, reason });
    return;
  }
  const isNumbered =
    exchange.frame !== undefined && exchange.generation === core.identity.generation;
  if (exchange.kind === 'mutation' && !isNumbered && core.identity.isExhausted) {
    const reason = 'this client id has no request numbers left; use another one';
    core.fail(exchange, { kind: 'local', code: 3, reason });
    return;
  }
  transmit(core, exchange);
}

/** A login while logged in ends the old session first. */
function logoutBefore(core: SessionCore, login: Exchange): Exchange {
  const code = CommandCode.logoutUser;
  const operation = operationOf(code);
  const { deadline } = login;
  return newExchange({
    call: undefined,
    ...{ purpose: 'logout', code, operation, kind: kindOf(operation) },
    ...{ body: emptyBytes, startedAt: core.now, deadline },
  });
}
