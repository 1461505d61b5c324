import type { Proposal, ProposalOutcome } from '../../../src/consensus/index.js';
import { buildFrame } from '../../../src/wire/index.js';

/** A committed outcome as consensus builds it from the prepare. */
export function committed(
  proposal: Proposal,
  op: number,
  body: Uint8Array,
  operation = proposal.operation,
): ProposalOutcome {
  const reply = buildFrame(
    'Reply',
    {
      cluster: 77n,
      requestChecksum: proposal.requestChecksum,
      client: proposal.client,
      op: BigInt(op),
      commit: BigInt(op),
      timestamp: 5n,
      request: proposal.request,
    },
    body,
  );
  reply[208] = operation;
  return { kind: 'committed', op, reply };
}

/** A committed success without payload, or a rejection with `code`. */
export function resultBody(code = 0): Uint8Array {
  if (code === 0) return new Uint8Array(4);
  const body = new Uint8Array(12);
  const view = new DataView(body.buffer);
  view.setUint32(0, 1, true);
  view.setUint32(8, code, true);
  return body;
}
