import { emptyBytes, getU128 } from '../../base/index.js';
import { commandByCode, EvictionReason, Operation } from '../../wire/index.js';
import { abandon, denyRead, evict, replyRead } from '../core/answer.js';
import type { Binding } from '../core/connection.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import type { Request } from '../core/request.js';
import { requestAt, requestBody, requestCode } from '../core/request-header.js';
import { statusCode } from '../core/status-codes.js';
import { beginConfirmedRead } from '../partitions/confirmed-reads.js';
import { beginPartitionRead } from '../partitions/partition-reads.js';
import { liveBinding } from '../sessions/live-binding.js';
import { readClient, readClients, readMe } from './client-reads.js';
import { isCatchingUp, recoveryWait } from './recovery-barrier.js';
import { readRoster } from './roster.js';
import { beginSnapshot } from './snapshot-file.js';
import { readStats } from './stats.js';

/** Codes this layer answers or refuses itself; all others are the metadata's. */
const code = {
  ping: 1,
  stats: 10,
  snapshot: 11,
  clusterMetadata: 12,
  me: 20,
  client: 21,
  clients: 22,
  loginUser: 38,
  loginRegister: 40,
  loginWithToken: 44,
  loginRegisterWithToken: 45,
  poll: 100,
  flush: 102,
  consumerOffset: 120,
} as const;

/** Logins have an operation of their own; as non-replicated requests they are malformed. */
const loginCodes: ReadonlySet<number> = new Set([
  code.loginUser,
  code.loginRegister,
  code.loginWithToken,
  code.loginRegisterWithToken,
]);

/** Reads of the node itself, which no barrier concerns. */
const localCodes: ReadonlySet<number> = new Set([
  ...[code.stats, code.snapshot, code.clusterMetadata, code.me, code.client, code.clients],
  code.flush,
]);

/** Reads whose answer can be confirmed by a round of the metadata group. */
const confirmable: ReadonlySet<number> = new Set([31, 32, 41, 200, 201, 300, 301, 600, 601, 606]);

/** A request that is not replicated: answered from what this node has applied. */
export function beginRead(core: Core, request: Request): Done {
  const { frame } = request;
  const asked = requestCode(frame);
  if (loginCodes.has(asked)) {
    const client = getU128(frame, requestAt.client);
    return evict(core, request, client, EvictionReason.MalformedLogin);
  }
  if (asked === code.ping) return replyRead(core, request, emptyBytes);
  const binding = liveBinding(core, request);
  if (binding === undefined) return;
  const consistency = frame[requestAt.consistency] ?? 0;
  if (consistency > 1) return denyRead(core, request, statusCode.invalidCommand);
  if (consistency === 1 && confirmable.has(asked)) {
    return confirm(core, request);
  }
  serveWhenRecovered(core, request, 0);
}

/** Serves a read of replicated state once this node has applied what it had acknowledged. */
export function serveWhenRecovered(core: Core, request: Request, attempt: number): Done {
  if (request.connection.gone) return abandon(request);
  const isLocal = localCodes.has(requestCode(request.frame));
  if (!isLocal && isCatchingUp(core.deps.consensus.status)) {
    if (attempt >= recoveryWait.attempts) {
      return denyRead(core, request, statusCode.transientNotAccepted);
    }
    core.timers.after(recoveryWait.ticks, { kind: 'read', request, attempt: attempt + 1 });
    return;
  }
  const binding = attempt === 0 ? request.connection.binding : liveBinding(core, request);
  if (binding !== undefined) serve(core, request, binding);
}

/** The linearizable read round ended; permission and lookup run on the confirmed state. */
export function onReadConfirmed(core: Core, request: Request, refusal: number): Done {
  if (refusal !== 0) return denyRead(core, request, refusal);
  const binding = liveBinding(core, request);
  if (binding !== undefined) serve(core, request, binding);
}

function confirm(core: Core, request: Request): Done {
  const token = core.nextToken();
  core.reads.set(token, { kind: 'metadata', request });
  core.out.push({ kind: 'confirm-read', token });
}

function serve(core: Core, request: Request, binding: Binding): Done {
  const asked = requestCode(request.frame);
  switch (asked) {
    case code.stats:
    case code.snapshot:
    case code.client:
    case code.clients:
      return serveAboutServers(core, request, binding);
    case code.clusterMetadata:
      return replyRead(core, request, readRoster(core, request.connection));
    case code.me:
      return replyRead(core, request, readMe(core, request.connection));
    case code.flush:
      return denyRead(core, request, statusCode.featureUnavailable);
    case code.poll:
      return servePartition(core, request, binding, 'poll');
    case code.consumerOffset:
      return servePartition(core, request, binding, 'offset');
    default:
      return serveMetadata(core, request, binding);
  }
}

function servePartition(
  core: Core,
  request: Request,
  binding: Binding,
  kind: 'poll' | 'offset',
): Done {
  const isConfirmed = request.frame[requestAt.consistency] === 1;
  const begin = isConfirmed ? beginConfirmedRead : beginPartitionRead;
  begin(core, request, binding, kind);
}

function serveAboutServers(core: Core, request: Request, binding: Binding): Done {
  const { frame } = request;
  if (!core.deps.metadata.isAllowed(binding.userId, 'serverInfo')) {
    return denyRead(core, request, statusCode.unauthorized);
  }
  switch (requestCode(frame)) {
    case code.stats:
      return replyRead(core, request, readStats(core));
    case code.snapshot:
      return beginSnapshot(core, request);
    case code.client:
      return replyRead(core, request, readClient(core, requestBody(frame)));
    default:
      return replyRead(core, request, readClients(core));
  }
}

/** Streams, topics, users, tokens and groups; whatever is left is refused or has no handler. */
function serveMetadata(core: Core, request: Request, binding: Binding): Done {
  const { frame } = request;
  const asked = requestCode(frame);
  const { userId, clientId: client } = binding;
  const command = commandByCode(asked);
  if (command === undefined) return denyRead(core, request, statusCode.invalidCommand);
  if (command.operation >= Operation.CreateStream) {
    return denyRead(core, request, statusCode.featureUnavailable);
  }
  const body = requestBody(frame);
  const reply = core.deps.metadata.read({ code: asked, userId, client, body });
  if (reply?.body === undefined) return denyRead(core, request, reply?.status ?? 0);
  replyRead(core, request, reply.body);
}
