import { revocationProposal } from '../../machine/index.js';
import { partitionGroupNumber } from '../../wire/index.js';
import { tickMillis } from '../config.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import type { HousekeepingView, RevocationView } from '../machine-view.js';
import { disconnectRequest } from '../sessions/submit.js';

/** Expired tokens of one pass; a pass that found this many is followed by another. */
const tokensPerPass = 256;
/** Ticks between looks at partitions that wait to change their owner. */
const revocationTicks = 10;

/** Starts what the metadata primary does on its own. */
export function startHousekeeping(core: Core): Done {
  core.timers.after(revocationTicks, { kind: 'revocations' });
  scheduleTokenCleaner(core);
}

/**
 * Deletes expired tokens, one proposal after the other: proposals of servers are bounced, not
 * parked, when there is no room.
 *
 * @source Iggy server, personal access token cleaner
 */
export function cleanTokens(core: Core): Done {
  scheduleTokenCleaner(core);
  if (core.tokenDeletes.length === 0) beginPass(core);
}

/** A deletion was decided; a refusal ends the pass. */
export function onTokenDeleted(core: Core, isCommitted: boolean): Done {
  core.tokenDeletes.shift();
  if (!isCommitted) core.tokenDeletes.length = 0;
  core.tokensInPass += 1;
  if (core.tokenDeletes.length > 0) return deleteNext(core);
  if (isCommitted && core.tokensInPass >= tokensPerPass) beginPass(core);
}

/**
 * Lets partitions change their owner once what was polled is stored, or after a time.
 *
 * @source Iggy server, completing a revocation
 */
export function completeRevocations(core: Core): Done {
  core.timers.after(revocationTicks, { kind: 'revocations' });
  if (!core.deps.consensus.status.isCaughtUp) return;
  for (const pending of core.deps.metadata.pendingRevocations()) {
    if (!isComplete(core, pending)) continue;
    const proposal = revocationProposal(pending);
    if (core.revocations.has(proposal.client)) continue;
    core.revocations.add(proposal.client);
    propose(core, { kind: 'revocation', client: proposal.client }, proposal);
  }
}

function scheduleTokenCleaner(core: Core): Done {
  const { tokenCleanerIntervalMillis: interval } = core.config;
  if (interval > 0) core.timers.after(interval / tickMillis, { kind: 'tokens' });
}

function beginPass(core: Core): Done {
  if (!core.deps.consensus.status.isCaughtUp) return;
  core.tokenDeletes = [...core.deps.metadata.tokenCleanup(core.now)];
  core.tokensInPass = 0;
  if (core.tokenDeletes.length > 0) deleteNext(core);
}

function deleteNext(core: Core): Done {
  const [next] = core.tokenDeletes;
  if (next !== undefined) propose(core, { kind: 'token-deletion' }, next);
}

function isComplete(core: Core, pending: RevocationView): boolean {
  const { stream, topic, partition, group, createdAt } = pending;
  const found = core.deps.partitions.find(partitionGroupNumber(stream, topic, partition));
  const polled = found?.lastPolled(group) ?? -1;
  if (polled < 0 || (found?.storedOffset('group', group) ?? -1) >= polled) return true;
  return core.now - createdAt >= core.config.rebalancingTimeoutMillis * 1_000;
}

function propose(
  core: Core,
  pending:
    | { readonly kind: 'token-deletion' }
    | { readonly kind: 'revocation'; readonly client: bigint },
  from: HousekeepingView,
): Done {
  const token = core.nextToken();
  core.pending.set(token, pending);
  core.out.push({
    kind: 'propose',
    proposal: {
      token,
      source: 'server',
      operation: from.operation,
      client: from.client,
      session: 0,
      request: disconnectRequest,
      requestChecksum: 0n,
      userId: 0,
      body: from.body,
    },
  });
}
