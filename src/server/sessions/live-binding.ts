import { EvictionReason } from '../../wire/index.js';
import { denyUnbound, evict } from '../core/answer.js';
import type { Binding } from '../core/connection.js';
import type { Core } from '../core/core.js';
import type { Request } from '../core/request.js';
import { statusCode } from '../core/status-codes.js';
import { isSuperseded, isUserGone } from './session-checks.js';

/**
 * The binding of a connection that may read or use a partition, or `undefined` after the request
 * was refused. These requests do not pass the client table, so its epoch is compared here.
 */
export function liveBinding(core: Core, request: Request): Binding | undefined {
  const { connection } = request;
  const { binding } = connection;
  if (binding === undefined) {
    denyUnbound(core, request, statusCode.unauthenticated);
    return undefined;
  }
  if (isSuperseded(core, binding)) {
    core.sessions.unbind(connection);
    evict(core, request, binding.clientId, EvictionReason.SessionTooLow);
    return undefined;
  }
  if (isUserGone(core, binding)) {
    core.sessions.unbind(connection);
    denyUnbound(core, request, statusCode.unauthenticated);
    return undefined;
  }
  return binding;
}
