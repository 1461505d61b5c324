import { emptyBytes } from '../../base/index.js';
import { Operation } from '../../wire/index.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import type { Pending } from '../core/pending.js';
import { statusCode } from '../core/status-codes.js';
import { type ForwardPayload, forwardFrame } from '../forwarding/forward-frames.js';

/** Ticks a forwarded register or logout may take; far below a client's own timeout of 30 s. */
const forwardTicks = 500;

/** Request number of logouts that no client asked for. */
export const disconnectRequest = 0xffff_ffff_ffff_ffffn;

/**
 * Proposes a Register here or hands it to the primary. Returns 0 when an outcome will follow, else
 * the code of a refusal: nothing was sent.
 */
export function submitRegister(
  core: Core,
  pending: Pending,
  from: { readonly clientId: bigint; readonly userId: number },
): number {
  const { clientId, userId } = from;
  if (mustForward(core)) return forward(core, pending, { kind: 'register', clientId, userId });
  proposeRegister(core, pending, from);
  return 0;
}

/** The same for the Logout of exactly one session. */
export function submitLogout(
  core: Core,
  pending: Pending,
  from: { readonly clientId: bigint; readonly session: number; readonly request: bigint },
): number {
  if (mustForward(core)) return forward(core, pending, { kind: 'logout', ...from });
  proposeLogout(core, pending, from);
  return 0;
}

/** Proposes at the local replica, whatever its role; never forwards. */
export function proposeRegister(
  core: Core,
  pending: Pending,
  from: { readonly clientId: bigint; readonly userId: number },
): Done {
  const token = core.nextToken();
  core.pending.set(token, pending);
  core.out.push({
    kind: 'propose',
    proposal: {
      token,
      source: 'client',
      operation: Operation.Register,
      client: from.clientId,
      session: 0,
      request: 0n,
      requestChecksum: 0n,
      userId: from.userId,
      body: emptyBytes,
    },
  });
}

/** Proposes at the local replica, whatever its role; never forwards. */
export function proposeLogout(
  core: Core,
  pending: Pending,
  from: { readonly clientId: bigint; readonly session: number; readonly request: bigint },
): Done {
  const token = core.nextToken();
  core.pending.set(token, pending);
  core.out.push({
    kind: 'propose',
    proposal: {
      token,
      source: 'client',
      operation: Operation.Logout,
      client: from.clientId,
      session: from.session,
      request: from.request,
      requestChecksum: 0n,
      userId: 0,
      body: emptyBytes,
    },
  });
}

/** Only a node in a normal view that somebody else leads forwards; all others ask themselves. */
function mustForward(core: Core): boolean {
  const { status, primary } = core.deps.consensus.status;
  return status === 'normal' && primary !== core.config.node;
}

function forward(core: Core, pending: Pending, payload: ForwardPayload): number {
  const { primary: replica, view } = core.deps.consensus.status;
  if (!core.deps.links.isUp(replica)) return statusCode.transientNotAccepted;
  const nonce = core.forwards.add({ clientId: payload.clientId, pending });
  core.timers.after(forwardTicks, { kind: 'forward', nonce });
  const { cluster, node } = core.config;
  const frame = forwardFrame({ cluster, view, replica: node, nonce, payload });
  core.out.push({ kind: 'forward', replica, frame });
  return 0;
}
