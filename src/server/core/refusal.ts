import type { ProposalOutcome } from '../../consensus/index.js';
import { statusCode } from './status-codes.js';

/** Code of an outcome that is not a success; an unexpected kind counts as "outcome unknown". */
export function refusalCode(outcome: ProposalOutcome): number {
  switch (outcome.kind) {
    case 'refused':
      return outcome.code;
    case 'denied':
      return outcome.status;
    default:
      return statusCode.transientNotCommitted;
  }
}
