import type { ProposalOutcome } from '../../consensus/index.js';
import { abandon } from '../core/answer.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import type { Pending } from '../core/pending.js';
import type { Request } from '../core/request.js';
import { statusCode } from '../core/status-codes.js';
import { completeLogin } from '../login/register.js';
import { proposeMetadata } from '../metadata/propose-metadata.js';
import { beginLogout } from '../sessions/logout.js';

/** Ticks between replays, and for how long a request is replayed. */
const replays = { ticks: 5, budgetTicks: 3_000 } as const;

/**
 * On the correlated framing the server itself replays what may or may not have happened, under the
 * same number. True when the outcome shall not be answered yet.
 */
export function scheduleReplay(core: Core, pending: Pending, outcome: ProposalOutcome): boolean {
  if (outcome.kind !== 'refused' || outcome.code !== statusCode.transientNotCommitted) return false;
  const request = requestOf(pending);
  if (request?.correlation === undefined || request.answered) return false;
  const { tick } = core.timers;
  if (request.replayUntilTick === 0) request.replayUntilTick = tick + replays.budgetTicks;
  if (request.connection.gone || tick >= request.replayUntilTick) return false;
  core.timers.after(replays.ticks, { kind: 'replay', pending });
  return true;
}

/** Time to try again. */
export function replay(core: Core, pending: Pending): Done {
  const request = requestOf(pending);
  if (request === undefined || request.answered) return;
  if (request.connection.gone) return abandon(request);
  switch (pending.kind) {
    case 'metadata':
      return proposeMetadata(core, request, pending.binding, pending.change);
    case 'register':
    case 'implicit-logout':
      return completeLogin(core, pending.login);
    case 'logout':
      return beginLogout(core, request);
    default:
  }
}

function requestOf(pending: Pending): Request | undefined {
  switch (pending.kind) {
    case 'metadata':
    case 'logout':
      return pending.request;
    case 'register':
    case 'implicit-logout':
      return pending.login.request;
    default:
      return undefined;
  }
}
