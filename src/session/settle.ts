import { emptyBytes } from '../base/index.js';
import type { Answer } from './answer.js';
import { type Endpoint, formatEndpoint, sameEndpoint } from './endpoint.js';
import { type Exchange, newExchange } from './exchange.js';
import { redirect } from './link.js';
import { sessionTiming } from './options.js';
import { CommandCode, kindOf, operationOf } from './request-kind.js';
import { readRoster } from './roster.js';
import type { SessionCore } from './session-core.js';
import { transmit } from './transmit.js';

/**
 * Finds out who leads, and moves there. Runs after every login, and when requests are refused for
 * long because the node does not lead. @source Iggy client session layer: leader discovery
 */
export function beginSettling(core: SessionCore): void {
  if (!core.options.followLeader || core.options.framing === 'correlated') {
    finishSettling(core);
    return;
  }
  const until = core.now + sessionTiming.leaderlessBudgetMillis;
  core.phase = 'settling';
  core.settling = { until, nextReadAt: core.now };
}

/** Reads the roster when that is due and nothing else is outstanding. */
export function readRosterWhenDue(core: SessionCore): boolean {
  const { settling } = core;
  if (settling === undefined || core.active.length > 0) return false;
  if (core.now < settling.nextReadAt) {
    core.wake(settling.nextReadAt);
    return false;
  }
  const code = CommandCode.getClusterMetadata;
  const operation = operationOf(code);
  const deadline = core.now + sessionTiming.leaderlessBudgetMillis;
  const body = emptyBytes;
  transmit(
    core,
    newExchange({
      call: undefined,
      ...{ purpose: 'roster', code, operation, kind: kindOf(operation) },
      ...{ body, startedAt: core.now, deadline },
    }),
  );
  return false;
}

/** The roster, or why there is none; without one the session stays where it is. */
export function onRosterAnswer(core: SessionCore, exchange: Exchange, answer: Answer): void {
  core.release(exchange);
  const { settling, link } = core;
  const roster =
    answer.kind === 'payload' ? readRoster(answer.payload, core.options.rosterPort) : undefined;
  if (settling === undefined || link === undefined || roster === undefined) {
    finishSettling(core);
    return;
  }
  core.nodes.learn(roster.endpoints);
  const { leader } = roster;
  if (leader === undefined && roster.size > 1 && core.now < settling.until) {
    settling.nextReadAt = core.now + sessionTiming.leaderlessPollMillis;
  } else if (leader === undefined || roster.size === 1 || sameEndpoint(leader, link.endpoint)) {
    finishSettling(core);
  } else follow(core, link.endpoint, leader);
}

function follow(core: SessionCore, from: Endpoint, leader: Endpoint): void {
  const problem =
    core.redirects >= sessionTiming.maxRedirects
      ? `followed ${core.redirects} redirects in a row`
      : core.nodes.failedRecently(leader, core.now, sessionTiming.leaderlessBudgetMillis)
        ? 'it could not be reached a moment ago'
        : core.login === undefined && !core.canLogIn
          ? 'there are no credentials to log in with there'
          : undefined;
  if (problem !== undefined) {
    const where = formatEndpoint(leader);
    core.notice({ kind: 'warning', message: `not moving to the leader ${where}: ${problem}` });
    finishSettling(core);
    return;
  }
  core.redirects += 1;
  core.notice({ kind: 'redirected', from, to: leader });
  redirect(core, leader);
}

/** Stays on this node; requests may be sent. */
function finishSettling(core: SessionCore): void {
  const { login, connects } = core;
  core.settling = undefined;
  core.redirects = 0;
  core.phase = 'ready';
  core.login = undefined;
  core.connects = [];
  if (login?.result !== undefined) {
    core.settle(login.call, { ok: true, kind: 'signed-in', signedIn: login.result });
  }
  for (const { call } of connects) core.settle(call, { ok: true, kind: 'done' });
}
