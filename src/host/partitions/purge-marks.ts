import { serverRequestNumber } from '../../consensus/index.js';
import type { PartitionContext } from './partition-context.js';
import type { PartitionHost } from './partition-host.js';

/**
 * A purge commits in the metadata group; the primary of each partition puts its mark into the
 * partition's own log. A mark that is refused is proposed again with the next look.
 */
export class PurgeMarks {
  readonly #context: PartitionContext;
  /** Below zero, so that they are told from the server's. */
  #nextToken = -1;

  constructor(context: PartitionContext) {
    this.#context = context;
  }

  /** Proposes the mark of a committed purge, if this node leads the partition and it lacks one. */
  propose(host: PartitionHost): void {
    if (!host.status.isActingPrimary) return;
    const mark = host.machine.purgeProposal();
    if (mark === undefined) return;
    this.#context.later(host.group, host.address.revision, {
      kind: 'propose',
      now: this.#context.now(),
      proposal: {
        token: this.#nextToken--,
        source: 'server',
        session: 0,
        request: serverRequestNumber,
        requestChecksum: 0n,
        userId: 0,
        ...mark,
      },
    });
  }
}
