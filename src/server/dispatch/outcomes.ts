import type { ProposalOutcome } from '../../consensus/index.js';
import type { Connection } from '../core/connection.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import type { Pending } from '../core/pending.js';
import { scheduleReplay } from '../correlated/replay.js';
import { answerForward } from '../forwarding/forward-receiver.js';
import { onFormerSessionEnded, onRegistered } from '../login/register.js';
import { onTokenDeleted } from '../metadata/housekeeping.js';
import { onDecided } from '../metadata/metadata-requests.js';
import { onPartitionDecided } from '../partitions/partition-local.js';
import { endIfIdle, onLoggedOut, onSessionEnded } from '../sessions/logout.js';

/** Hands an outcome of the metadata group, local or forwarded, to what waited for it. */
export function settle(core: Core, pending: Pending, outcome: ProposalOutcome): Done {
  const connection = connectionOf(pending);
  if (connection !== undefined) connection.proposals -= 1;
  if (!scheduleReplay(core, pending, outcome)) handOut(core, pending, outcome);
  if (connection !== undefined) endIfIdle(core, connection);
}

function handOut(core: Core, pending: Pending, outcome: ProposalOutcome): Done {
  switch (pending.kind) {
    case 'metadata':
      return onDecided(core, pending, outcome);
    case 'logout':
      return onLoggedOut(core, { ...pending, outcome });
    case 'register':
      return onRegistered(core, pending.login, outcome);
    case 'implicit-logout':
      return onFormerSessionEnded(core, pending.login, outcome);
    case 'partition':
      return onPartitionDecided(core, pending.work, outcome);
    case 'disconnect':
      return onSessionEnded(core, pending.session, outcome);
    case 'token-deletion':
      return onTokenDeleted(core, outcome.kind === 'committed');
    case 'revocation':
      core.revocations.delete(pending.client);
      return;
    case 'for-replica':
      return answerForward(core, pending, outcome);
  }
}

/** The connection whose proposal this was, if it was one of a client. */
function connectionOf(pending: Pending): Connection | undefined {
  switch (pending.kind) {
    case 'metadata':
    case 'logout':
      return pending.request.connection;
    case 'register':
    case 'implicit-logout':
      return pending.login.request.connection;
    default:
      return undefined;
  }
}
