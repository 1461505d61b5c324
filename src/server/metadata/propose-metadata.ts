import { equalRange, getU32, getU64 } from '../../base/index.js';
import type { Binding } from '../core/connection.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import type { MetadataChange } from '../core/pending.js';
import type { Request } from '../core/request.js';
import { requestAt, requestSession } from '../core/request-header.js';

/**
 * Proposes an operation of a bound client in the name of its session. What the client wrote into
 * `client` and `session` is not used. The operation is the request's own unless another is given.
 */
export function proposeMetadata(
  core: Core,
  request: Request,
  binding: Binding,
  change: MetadataChange,
): Done {
  const { frame, connection } = request;
  if (!binding.mismatchReported) reportMismatch(core, request, binding);
  const token = core.nextToken();
  core.pending.set(token, { kind: 'metadata', request, binding, change });
  connection.proposals += 1;
  core.out.push({
    kind: 'propose',
    proposal: {
      token,
      source: 'client',
      operation: change.operation ?? request.operation,
      client: binding.clientId,
      session: binding.session,
      request: getU64(frame, requestAt.request),
      requestChecksum: getU64(frame, requestAt.checksum),
      release: getU32(frame, requestAt.release),
      userId: binding.userId,
      body: change.body,
    },
  });
}

function reportMismatch(core: Core, request: Request, binding: Binding): Done {
  const { frame, connection } = request;
  const sameClient = equalRange(frame, requestAt.client, binding.clientBytes, 0, 16);
  const sent = requestSession(frame);
  if (sameClient && sent === binding.session) return;
  binding.mismatchReported = true;
  const { session } = binding;
  core.log('warn', 'SessionMismatchOnWire', { connection: connection.id, session, sent });
}
