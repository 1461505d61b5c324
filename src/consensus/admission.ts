import { getU32 } from '../base/index.js';
import { Command, Operation } from '../wire/index.js';
import { headerSize } from './frame/layout.js';
import { answer, refuse, resultCode, trace } from './outbox.js';
import type { Proposal, Verdict } from './proposal.js';
import type { ReplicaState } from './state.js';

/** What a preflight found: go on with this acting user, or an answer that was given already. */
export type Preflight =
  | { readonly kind: 'pass'; readonly userId: number }
  | { readonly kind: 'done' };

const done: Preflight = { kind: 'done' };
const invalidRequestOperation = 4;
const truncatePartition = Operation.TruncatePartition;

/** Whether a request is not one at all: ids and numbers every client has to give. */
export function isStructurallyValid(r: ReplicaState, proposal: Proposal): boolean {
  const { operation, session, request, client } = proposal;
  if (operation === Operation.Reserved || operation === Operation.NonReplicated) return false;
  if (proposal.source === 'server' && operation !== Operation.Logout) return true;
  if (client === 0n) return false;
  if (r.plane === 'partition') return true;
  // The ids of server-originated operations can never be registered.
  if (client >> 64n === 0xffff_ffff_ffff_ffffn) return false;
  if (operation === Operation.Register) return session === 0 && request === 0n;
  return session > 0 && request > 0n;
}

/** Any operation of this client between acceptance and commit. */
function isInFlight(r: ReplicaState, client: bigint): boolean {
  if (client === 0n) return false;
  if (r.pipeline.hasClient(client)) return true;
  for (const parked of r.requestQueue) if (parked.client === client) return true;
  return false;
}

/**
 * Judges a request to the metadata group, in the normative order, and answers those that go no
 * further. Runs on arrival and again when a parked request is promoted.
 * @source Iggy consensus protocol, request admission
 */
export function preflight(r: ReplicaState, proposal: Proposal): Preflight {
  const { token, operation } = proposal;
  if (!r.isActingPrimary || r.isTransferring || r.isFenced) {
    refuse(r, token, resultCode.notAccepted);
    return done;
  }
  if (operation === Operation.Register) return preflightRegister(r, proposal);
  if (isInFlight(r, proposal.client)) return notReady(r, proposal);
  if (!r.isCaughtUp) return notReady(r, proposal);
  if (operation === Operation.Logout) return preflightLogout(r, proposal);
  if (proposal.source === 'server') return { kind: 'pass', userId: proposal.userId };
  if (operation < Operation.CreateStream && operation !== truncatePartition) {
    answer(r, token, { kind: 'evicted', reason: invalidRequestOperation });
    return done;
  }
  return preflightRequest(r, proposal);
}

/** Ownership is judged by a complete table only; until then a Register waits. */
function preflightRegister(r: ReplicaState, proposal: Proposal): Preflight {
  const { client, userId, token } = proposal;
  const owner = r.isCaughtUp ? r.table.ownerOf(client) : -1;
  if (owner >= 0 && owner !== userId) {
    answer(r, token, { kind: 'owned-by-another-user' });
    return done;
  }
  if (isInFlight(r, client)) {
    observe(r, proposal, 'InProgress');
    refuse(r, token, resultCode.notCommitted, 'InProgress');
    return done;
  }
  return { kind: 'pass', userId };
}

/**
 * A Logout ends the session it names and no newer one. Its prepare carries no session, so this is
 * the only place where they are compared, on a complete table with nothing in flight.
 */
function preflightLogout(r: ReplicaState, proposal: Proposal): Preflight {
  const session = r.table.session(proposal.client);
  if (session === undefined || session.epoch !== proposal.session) {
    answer(r, proposal.token, { kind: 'logged-out', commit: r.commitMax });
    return done;
  }
  return { kind: 'pass', userId: session.userId };
}

function preflightRequest(r: ReplicaState, proposal: Proposal): Preflight {
  const { token } = proposal;
  const judged = r.table.check(proposal, r.config.requestPolicy);
  const { verdict } = judged;
  observe(r, proposal, verdict);
  if (judged.reply !== undefined) {
    if (isReplayedToken(proposal.operation, judged.reply)) {
      refuse(r, token, resultCode.tokenExists, verdict);
    } else {
      answer(r, token, { kind: 'duplicate', reply: judged.reply });
    }
    return done;
  }
  if (judged.eviction !== undefined) {
    answer(r, token, { kind: 'evicted', reason: judged.eviction, verdict });
    return done;
  }
  if (judged.code !== undefined) {
    refuse(r, token, judged.code, verdict);
    return done;
  }
  // Fail closed: without a session there is no acting user, never user 0.
  const userId = r.table.userOf(proposal.client);
  if (userId < 0) return notReady(r, proposal);
  return { kind: 'pass', userId };
}

function notReady(r: ReplicaState, proposal: Proposal): Preflight {
  observe(r, proposal, 'NotReady');
  refuse(r, proposal.token, resultCode.notCommitted, 'NotReady');
  return done;
}

/**
 * The cached success of a token creation has no token in it, and the one minted for the retry was
 * stored nowhere. A cached rejection may be replayed.
 */
function isReplayedToken(operation: number, reply: Uint8Array): boolean {
  return (
    operation === Operation.CreatePersonalAccessToken &&
    reply[60] === Command.Reply &&
    reply.length >= headerSize + 4 &&
    getU32(reply, headerSize) === 0
  );
}

function observe(r: ReplicaState, proposal: Proposal, verdict: Verdict): void {
  if (!r.tracing) return;
  const { client, request, session } = proposal;
  trace(r, 'ClientTableVerdict', { client, request, verdict, session });
}
