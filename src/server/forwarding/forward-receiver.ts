import type { ProposalOutcome } from '../../consensus/index.js';
import { ForwardLogoutOutcome, ForwardRegisterOutcome } from '../../wire/index.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import type { Pending, PendingForReplica } from '../core/pending.js';
import { refusalCode } from '../core/refusal.js';
import { statusCode } from '../core/status-codes.js';
import { proposeLogout, proposeRegister } from '../sessions/submit.js';
import {
  type ForwardResult,
  forwardResultFrame,
  parseForward,
  parseForwardResult,
} from './forward-frames.js';

/**
 * Another replica asks this one to propose. The request is put to the local replica whatever its
 * role and is never handed on.
 *
 * @source Iggy session protocol, forwarding: one hop at most
 */
export function onForward(core: Core, frame: Uint8Array): Done {
  const forward = parseForward(frame);
  if (forward === undefined || forward.replica >= core.config.nodeCount) {
    return core.log('warn', 'ForwardMalformed', { command: frame[60] ?? 0 });
  }
  const { replica, nonce, payload } = forward;
  const { clientId, kind: action } = payload;
  const pending = { kind: 'for-replica', action, replica, nonce, clientId } as const;
  if (payload.kind === 'logout') proposeLogout(core, pending, payload);
  else if (isEndedUser(core, payload.userId)) sendResult(core, pending, notCaughtUp);
  else proposeRegister(core, pending, payload);
}

const notCaughtUp: ForwardResult = {
  kind: 'register',
  outcome: ForwardRegisterOutcome.NotCaughtUp,
  epoch: 0,
  watermark: 0n,
  origin: 0,
};

/** The asking replica verified somebody who is deleted or inactive by now; it will see that itself. */
function isEndedUser(core: Core, userId: number): boolean {
  const { consensus, metadata } = core.deps;
  return consensus.status.isActingPrimary && metadata.user(userId)?.isActive !== true;
}

/** Tells the asking replica how its forward ended. */
export function answerForward(
  core: Core,
  pending: PendingForReplica,
  outcome: ProposalOutcome,
): Done {
  const leads = core.deps.consensus.status.isActingPrimary;
  const isRegister = pending.action === 'register';
  const result = isRegister ? registerResult(outcome, leads) : logoutResult(outcome, leads);
  sendResult(core, pending, result);
}

function sendResult(core: Core, pending: PendingForReplica, result: ForwardResult): Done {
  const { replica, nonce, clientId } = pending;
  const { cluster, node } = core.config;
  const { view } = core.deps.consensus.status;
  const frame = forwardResultFrame({ cluster, view, replica: node, nonce, clientId, result });
  core.out.push({ kind: 'forward', replica, frame });
}

/** The forward an answer from the primary belongs to, with its outcome; unmatched ones are nothing. */
export function takeForwardResult(
  core: Core,
  frame: Uint8Array,
): { readonly pending: Pending; readonly outcome: ProposalOutcome } | undefined {
  const received = parseForwardResult(frame);
  if (received === undefined) {
    core.log('warn', 'ForwardResultMalformed', { command: frame[60] ?? 0 });
    return undefined;
  }
  const forward = core.forwards.take(received.nonce, received.clientId);
  if (forward === undefined) return undefined;
  return { pending: forward.pending, outcome: outcomeOf(received.result) };
}

function registerResult(outcome: ProposalOutcome, leads: boolean): ForwardResult {
  const { Ok, ClientIdOwnedByAnotherUser } = ForwardRegisterOutcome;
  const failure = { kind: 'register', epoch: 0, watermark: 0n, origin: 0 } as const;
  if (outcome.kind === 'registered') {
    const { session: epoch, watermark, origin } = outcome;
    return { kind: 'register', outcome: Ok, epoch, watermark, origin };
  }
  if (outcome.kind === 'owned-by-another-user') {
    return { ...failure, outcome: ClientIdOwnedByAnotherUser };
  }
  return { ...failure, outcome: transientOutcome(outcome, leads, ForwardRegisterOutcome) };
}

function logoutResult(outcome: ProposalOutcome, leads: boolean): ForwardResult {
  if (outcome.kind === 'logged-out') {
    return { kind: 'logout', outcome: ForwardLogoutOutcome.Ok, commit: outcome.commit };
  }
  const reason = transientOutcome(outcome, leads, ForwardLogoutOutcome);
  return { kind: 'logout', outcome: reason, commit: 0 };
}

interface TransientOutcomes {
  readonly NotPrimary: number;
  readonly PipelineFull: number;
  readonly InProgress: number;
  readonly Canceled: number;
}

/** The asking replica only makes 57 or 58 of it; the finer reason is for people. */
function transientOutcome(
  outcome: ProposalOutcome,
  leads: boolean,
  names: TransientOutcomes,
): number {
  if (refusalCode(outcome) === statusCode.transientNotAccepted) {
    return leads ? names.PipelineFull : names.NotPrimary;
  }
  return leads ? names.InProgress : names.Canceled;
}

function outcomeOf(result: ForwardResult): ProposalOutcome {
  const { transientNotAccepted, transientNotCommitted } = statusCode;
  if (result.kind === 'logout') {
    const { Ok, NotPrimary, PipelineFull } = ForwardLogoutOutcome;
    if (result.outcome === Ok) return { kind: 'logged-out', commit: result.commit };
    const isSafe = result.outcome === NotPrimary || result.outcome === PipelineFull;
    return { kind: 'refused', code: isSafe ? transientNotAccepted : transientNotCommitted };
  }
  const { epoch: session, watermark, origin } = result;
  const { Ok, InProgress, Canceled, ClientIdOwnedByAnotherUser } = ForwardRegisterOutcome;
  switch (result.outcome) {
    case Ok:
      return { kind: 'registered', session, watermark, origin };
    case ClientIdOwnedByAnotherUser:
      return { kind: 'owned-by-another-user' };
    case InProgress:
    case Canceled:
      return { kind: 'refused', code: transientNotCommitted };
    default:
      return { kind: 'refused', code: transientNotAccepted };
  }
}
