import { unreachable } from '../../base/index.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import { statusCode } from '../core/status-codes.js';
import type { TimerEntry } from '../core/timer-entry.js';
import { replay } from '../correlated/replay.js';
import { resumeLogin } from '../login/authenticate.js';
import { cleanTokens, completeRevocations } from '../metadata/housekeeping.js';
import { performRead } from '../partitions/partition-reads.js';
import { route } from '../partitions/partition-requests.js';
import { onArrivalDue, onHandOnExpired } from '../partitions/routed-requests.js';
import { serveWhenRecovered } from '../reads/reads.js';
import { evictStale } from '../sessions/heartbeats.js';
import { endSession } from '../sessions/logout.js';
import { settle } from './outcomes.js';

/** Ten milliseconds passed. */
export function onTick(core: Core): Done {
  for (const entry of core.timers.advance()) onDue(core, entry);
}

function onDue(core: Core, entry: TimerEntry): Done {
  switch (entry.kind) {
    case 'forward':
      return onForwardExpired(core, entry.nonce);
    case 'login':
      return resumeLogin(core, entry.login);
    case 'grace':
      return onGraceOver(core, entry.clientId, entry.session);
    case 'routing':
      return route(core, entry.request, entry.work, entry.attempt);
    case 'read':
      return serveWhenRecovered(core, entry.request, entry.attempt);
    case 'partition-read':
      return performRead(core, entry.work, entry.read, entry.attempt);
    case 'arrival':
      return onArrivalDue(core, entry.group, entry.attempt);
    case 'hand-on':
      return onHandOnExpired(core, entry.number);
    case 'replay':
      return replay(core, entry.pending);
    case 'tokens':
      return cleanTokens(core);
    case 'revocations':
      return completeRevocations(core);
    case 'heartbeat':
      return evictStale(core);
    default:
      return unreachable(entry);
  }
}

/** The primary did not answer in time, which proves nothing about the outcome. */
function onForwardExpired(core: Core, nonce: bigint): Done {
  const forward = core.forwards.expire(nonce);
  if (forward === undefined) return;
  settle(core, forward.pending, { kind: 'refused', code: statusCode.transientNotCommitted });
}

/** The client did not come back; a newer bind of its id here has taken the entry out. */
function onGraceOver(core: Core, clientId: bigint, session: number): Done {
  if (core.graces.get(clientId) !== session) return;
  core.graces.delete(clientId);
  endSession(core, clientId, session);
}
