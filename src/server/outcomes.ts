import type { ProposalOutcome } from '../consensus/index.js';
import type { Connection } from './connection.js';
import type { Core } from './core.js';
import type { Done } from './done.js';
import { answerForward } from './forward-receiver.js';
import { onTokenDeleted } from './housekeeping.js';
import { endIfIdle, onLoggedOut, onSessionEnded } from './logout.js';
import { onDecided } from './metadata-requests.js';
import { onPartitionDecided } from './partition-local.js';
import type { Pending } from './pending.js';
import { onFormerSessionEnded, onRegistered } from './register.js';
import { scheduleReplay } from './replay.js';

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
