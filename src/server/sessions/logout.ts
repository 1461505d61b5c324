import { getU64 } from '../../base/index.js';
import type { ProposalOutcome } from '../../consensus/index.js';
import { tickMillis } from '../config.js';
import { acknowledge, replyForSession } from '../core/answer.js';
import type { Binding, Connection } from '../core/connection.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import { refusalCode } from '../core/refusal.js';
import type { Request } from '../core/request.js';
import { requestAt } from '../core/request-header.js';
import { connectionAccount } from '../login/login-attempts.js';
import { disconnectRequest, submitLogout } from './submit.js';

/** A client asked to be logged out; without a session there is nothing to end. */
export function beginLogout(core: Core, request: Request): Done {
  const { connection } = request;
  const binding = connection.bound;
  if (binding === undefined) {
    core.sessions.unbind(connection);
    return acknowledge(core, request);
  }
  const { clientId, session } = binding;
  const number = getU64(request.frame, requestAt.request);
  const pending = { kind: 'logout', request, binding } as const;
  const refusal = submitLogout(core, pending, { clientId, session, request: number });
  if (refusal === 0) connection.proposals += 1;
  else refuse(core, request, binding, refusal);
}

/** The Logout was decided; on a refusal the binding stays and the client tries again. */
export function onLoggedOut(
  core: Core,
  from: { readonly request: Request; readonly binding: Binding; readonly outcome: ProposalOutcome },
): Done {
  const { request, binding, outcome } = from;
  if (outcome.kind !== 'logged-out') {
    binding.mayEnd = true;
    return refuse(core, request, binding, refusalCode(outcome));
  }
  core.sessions.unbind(request.connection);
  replyForSession(core, request, binding, { commit: outcome.commit, status: 0 });
}

/**
 * The socket of a connection is gone. The local table entry is left alone: removing it here would
 * make the proposal find nothing, and every other replica would keep an orphan.
 *
 * @source Iggy session protocol, disconnect
 */
export function onClosed(core: Core, connection: Connection): Done {
  const bound = core.sessions.remove(connection);
  connection.queue.clear();
  core.correlated.delete(connection.id);
  core.attempts.forget([connectionAccount(connection.id)]);
  if (bound === undefined || bound.lost) return;
  const { clientId, session } = bound;
  if (connection.announcedResume && core.config.resumeGraceMillis > 0) {
    core.graces.set(clientId, session);
    const ticks = core.config.resumeGraceMillis / tickMillis;
    core.timers.after(ticks, { kind: 'grace', clientId, session });
    return;
  }
  endWhenIdle(core, connection, bound);
}

/** An operation in flight would only make the logout be refused; it waits for the outcome. */
export function endWhenIdle(core: Core, connection: Connection, bound: Binding): Done {
  if (connection.proposals > 0) connection.endWhenIdle = bound;
  else endSession(core, bound.clientId, bound.session);
}

/** Called after each outcome of a connection's proposal. */
export function endIfIdle(core: Core, connection: Connection): Done {
  const bound = connection.endWhenIdle;
  if (bound === undefined || connection.proposals > 0) return;
  connection.endWhenIdle = undefined;
  endSession(core, bound.clientId, bound.session);
}

/** Submits a Logout nobody waits for; a failure is logged and the entry stays until capacity. */
export function endSession(core: Core, clientId: bigint, session: number): Done {
  const pending = { kind: 'disconnect', clientId, session } as const;
  const refusal = submitLogout(core, pending, { clientId, session, request: disconnectRequest });
  if (refusal !== 0) logRefusedEnd(core, session, refusal);
}

export function onSessionEnded(core: Core, session: number, outcome: ProposalOutcome): Done {
  if (outcome.kind !== 'logged-out') logRefusedEnd(core, session, refusalCode(outcome));
}

function logRefusedEnd(core: Core, session: number, code: number): Done {
  core.log('warn', 'DisconnectLogoutRefused', { session, code });
}

function refuse(core: Core, request: Request, binding: Binding, status: number): Done {
  replyForSession(core, request, binding, { commit: core.deps.consensus.status.commitMax, status });
}
