import {
  EvictionReason,
  isInternalOperation,
  isPartitionOperation,
  Operation,
} from '../../wire/index.js';
import { evict } from '../core/answer.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import type { Request } from '../core/request.js';
import { beginLogin } from '../login/authenticate.js';
import { beginDeleteSegments } from '../metadata/delete-segments.js';
import { beginMetadata } from '../metadata/metadata-requests.js';
import { beginPartitionOperation } from '../partitions/partition-requests.js';
import { beginRead } from '../reads/reads.js';
import { beginLogout } from '../sessions/logout.js';

/** The gates a valid request passes, in order. @source Iggy session protocol, dispatch gates */
export function dispatch(core: Core, request: Request): Done {
  const { operation, connection } = request;
  switch (operation) {
    case Operation.NonReplicated:
      return beginRead(core, request);
    case Operation.Register:
      return beginLogin(core, request);
    case Operation.Logout:
      return beginLogout(core, request);
    default:
  }
  const { binding } = connection;
  if (binding === undefined) {
    return evict(core, request, connection.transportId, EvictionReason.NoSession);
  }
  if (isInternalOperation(operation)) {
    return evict(core, request, binding.clientId, EvictionReason.InvalidRequestOperation);
  }
  if (operation === Operation.DeleteSegments) return beginDeleteSegments(core, request, binding);
  if (isPartitionOperation(operation)) return beginPartitionOperation(core, request, binding);
  beginMetadata(core, request, binding);
}
