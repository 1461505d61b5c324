import type { ProposalOutcome } from '../consensus/index.js';
import type { Core } from './core.js';
import type { Done } from './done.js';
import { answerForward } from './forward-receiver.js';
import { endIfIdle, onLoggedOut, onSessionEnded } from './logout.js';
import { onDecided } from './metadata-requests.js';
import { onPartitionDecided } from './partition-local.js';
import type { Pending } from './pending.js';
import { onFormerSessionEnded, onRegistered } from './register.js';

/** Hands an outcome of the metadata group, local or forwarded, to what waited for it. */
export function settle(core: Core, pending: Pending, outcome: ProposalOutcome): Done {
  switch (pending.kind) {
    case 'metadata':
      pending.request.connection.proposals -= 1;
      onDecided(core, pending, outcome);
      return endIfIdle(core, pending.request.connection);
    case 'logout':
      pending.request.connection.proposals -= 1;
      onLoggedOut(core, { ...pending, outcome });
      return endIfIdle(core, pending.request.connection);
    case 'register':
      pending.login.request.connection.proposals -= 1;
      onRegistered(core, pending.login, outcome);
      return endIfIdle(core, pending.login.request.connection);
    case 'implicit-logout':
      pending.login.request.connection.proposals -= 1;
      onFormerSessionEnded(core, pending.login, outcome);
      return endIfIdle(core, pending.login.request.connection);
    case 'partition':
      return onPartitionDecided(core, pending.work, outcome);
    case 'disconnect':
      return onSessionEnded(core, pending.session, outcome);
    case 'for-replica':
      return answerForward(core, pending, outcome);
  }
}
