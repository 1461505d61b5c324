import { getU64 } from '../../base/index.js';
import type { Binding } from '../core/connection.js';
import type { Core } from '../core/core.js';
import type { Request } from '../core/request.js';
import { requestAt } from '../core/request-header.js';

/**
 * True when the local table knows a newer Register of the client id: somebody else holds the
 * session. A missing entry or an older epoch proves nothing, because the table of a backup may lag.
 *
 * @source Iggy session protocol, session manager
 */
export function isSuperseded(core: Core, binding: Binding): boolean {
  if (binding.fenced) return true;
  const entry = core.deps.consensus.session(binding.clientId);
  return entry !== undefined && entry.epoch > binding.session;
}

/**
 * True when the session is not in the table although its Register was applied here: it was evicted,
 * logged out elsewhere, or ended with its user.
 */
export function isForgotten(core: Core, binding: Binding): boolean {
  const { status } = core.deps.consensus;
  if (status.commitMin < binding.session) return false;
  return core.deps.consensus.session(binding.clientId) === undefined;
}

/** True when the user was deleted or deactivated; its sessions ended with it. */
export function isUserGone(core: Core, binding: Binding): boolean {
  return core.deps.metadata.user(binding.userId)?.isActive !== true;
}

/**
 * True when the table has the request's number, or a higher one: it is sent again, and whatever this
 * node would find out now, the answer is the one of then.
 */
export function isRecorded(core: Core, request: Request, binding: Binding): boolean {
  const entry = core.deps.consensus.session(binding.clientId);
  if (entry === undefined || entry.epoch !== binding.session) return false;
  return getU64(request.frame, requestAt.request) <= entry.watermark;
}
