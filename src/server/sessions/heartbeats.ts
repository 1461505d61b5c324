import { EvictionReason } from '../../wire/index.js';
import { tickMillis } from '../config.js';
import type { Connection } from '../core/connection.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import { evictionFrame } from '../core/reply-frames.js';
import { statusCode } from '../core/status-codes.js';
import { failOutstanding } from '../correlated/correlated-answer.js';
import { close } from '../dispatch/intake.js';
import { endWhenIdle } from './logout.js';

/** A connection is stale after this many intervals without a frame. */
const staleFactor = 1.2;

/** Starts the passes that look for stale connections. */
export function startHeartbeats(core: Core): Done {
  if (!core.config.heartbeatEnabled) return;
  core.timers.after(core.config.heartbeatIntervalMillis / tickMillis, { kind: 'heartbeat' });
}

/**
 * Only members of a consumer group are evicted for silence: they hold partitions others could read.
 *
 * @source Iggy session protocol, heartbeats
 */
export function evictStale(core: Core): Done {
  startHeartbeats(core);
  const limit = (staleFactor * core.config.heartbeatIntervalMillis) / tickMillis;
  const oldest = core.timers.tick - limit;
  for (const connection of core.sessions.connections()) {
    const { bound } = connection;
    if (bound === undefined || connection.lastHeardTick >= oldest) continue;
    if (core.deps.metadata.memberships(bound.clientId).length > 0) evictOne(core, connection);
  }
}

function evictOne(core: Core, connection: Connection): Done {
  const { bound } = connection;
  if (bound === undefined) return;
  core.sessions.unbind(connection);
  endWhenIdle(core, connection, bound);
  const isCorrelated = connection.framing === 'correlated';
  if (isCorrelated) {
    failOutstanding(core, connection.id, statusCode.staleClient);
  } else {
    const to = { cluster: core.config.cluster, client: connection.transportId };
    const frame = evictionFrame(to, EvictionReason.StaleClient);
    core.out.push({ kind: 'send', connection: connection.id, frame });
  }
  if (isCorrelated || core.config.closeStaleClients) close(core, connection, 'StaleClientClosed');
}
