import type { Plan } from '../plan/plan.js';
import type { SimNode } from '../world/sim-node.js';
import type { CanonicalEntry, CanonicalLog } from './canonical-log.js';
import type { Report } from './verdict.js';

/** A frame between a client and a node. */
export interface ClientFrame {
  readonly node: SimNode;
  /** Number of the connection at that node. */
  readonly connection: number;
  readonly frame: Uint8Array;
}

/** What judges look at. They draw nothing and change nothing. */
export interface JudgeContext {
  readonly plan: Plan;
  readonly nodes: readonly SimNode[];
  readonly canonical: CanonicalLog;
  readonly report: Report;
  readonly tick: () => number;
  readonly mark: (name: string) => void;
  /** Whether neither end of a connection has closed it. */
  readonly isOpen: (node: number, connection: number) => boolean;
}

/** One rule, or a few that look at the same thing. Only what it needs is called. */
export interface Judge {
  /** The last byte of a client's frame reached a node that is up. */
  arrived?(seen: ClientFrame): void;
  /** A node answers a client. */
  answered?(seen: ClientFrame): void;
  /** A frame leaves a node for another one. */
  sent?(node: SimNode, frame: Uint8Array): void;
  /** Some replica was the first to commit an entry. */
  committed?(entry: CanonicalEntry, frame: Uint8Array, node: SimNode): void;
  /** Around the delivery of one frame that nothing else is handled with. */
  delivered?(node: SimNode, frame: Uint8Array, deliver: () => void): void;
}
