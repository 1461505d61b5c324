import { sessionsDigest } from '../../consensus/index.js';
import type { SimNode } from '../world/sim-node.js';
import type { CanonicalLog } from './canonical-log.js';
import type { Report } from './verdict.js';

/** Compares whole states: replicas at one op with each other, and with the reference. */
export class StateChecker {
  readonly #canonical: CanonicalLog;
  readonly #report: Report;
  readonly #digests = new Map<number, { readonly digest: string; readonly node: number }>();
  readonly #checkpoints = new Map<number, { readonly checksum: bigint; readonly node: number }>();

  constructor(canonical: CanonicalLog, report: Report) {
    this.#canonical = canonical;
    this.#report = report;
  }

  check(node: SimNode): void {
    const { host, index, ledger } = node;
    if (ledger.checkpointOp > 0) {
      this.#checkpoint(index, ledger.checkpointOp, ledger.checkpointChecksum);
    }
    if (host === undefined) return;
    const op = host.status.commitMin;
    const image = host.replica.clientTable();
    this.#digest(index, op, `${host.machine.digest()}/${sessionsDigest(image)}`);
    if (op !== this.#canonical.head) return;
    const { metadata, sessions } = this.#canonical;
    const difference = sessions.difference(image);
    if (difference !== undefined) {
      const detail = `r${index} at op ${op}: ${difference}`;
      this.#report({ class: 'C', invariant: 'C6', detail, node: index });
    }
    const { streams } = host.machine.totals();
    const names = [...metadata.streams.values()].map(({ name }) => name);
    const isEqual = streams === names.length && names.every((name) => host.machine.hasStream(name));
    if (!isEqual) this.#fail('S16', index, `streams differ from the reference at op ${op}`);
  }

  #digest(node: number, op: number, digest: string): void {
    const known = this.#digests.get(op);
    if (known === undefined) {
      this.#digests.set(op, { digest, node });
    } else if (known.digest !== digest) {
      this.#fail('S16', node, `the state at op ${op} differs from that of r${known.node}`);
    }
  }

  #checkpoint(node: number, op: number, checksum: bigint): void {
    const known = this.#checkpoints.get(op);
    if (known === undefined) {
      this.#checkpoints.set(op, { checksum, node });
    } else if (known.checksum !== checksum) {
      this.#fail('S18', node, `the checkpoint at op ${op} differs from that of r${known.node}`);
    }
  }

  #fail(invariant: string, node: number, detail: string): void {
    this.#report({ class: 'S', invariant, detail: `r${node}: ${detail}`, node });
  }
}
