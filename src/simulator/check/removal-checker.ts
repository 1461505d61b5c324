import type { SimNode } from '../world/sim-node.js';
import type { CanonicalLog } from './canonical-log.js';
import type { Report } from './verdict.js';

/**
 * S11: what is committed leaves a journal only when a durable snapshot contains it. A replica whose
 * log is of an older view than the one that committed an entry has no say in that: it may still begin
 * a view that the others have left, whose votes gave the entry up.
 */
export class RemovalChecker {
  readonly #canonical: CanonicalLog;
  readonly #report: Report;

  constructor(canonical: CanonicalLog, report: Report) {
    this.#canonical = canonical;
    this.#report = report;
  }

  watch(nodes: readonly SimNode[]): void {
    for (const node of nodes) {
      node.ledger.rewritten = (before) => this.rewritten(node, before);
    }
  }

  /** The journal of a node was replaced, cut or read again; `before` is what it held. */
  rewritten({ index, ledger }: SimNode, before: ReadonlyMap<number, bigint>): void {
    const kept = Math.max(ledger.checkpointOp, ledger.snapshotOp);
    for (const [op, checksum] of before) {
      if (op <= kept || ledger.entries.get(op) === checksum) continue;
      const committed = this.#canonical.get(op);
      if (committed?.checksum !== checksum || committed.view > ledger.logView) continue;
      const detail = `r${index}: committed op ${op} left the journal, the snapshot ends at ${kept}`;
      this.#report({ class: 'S', invariant: 'S11', detail, node: index });
      return;
    }
  }
}
