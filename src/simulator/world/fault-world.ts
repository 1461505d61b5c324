import type { Violation } from '../check/verdict.js';
import type { Recorder } from '../trace/recorder.js';
import type { ClientHub } from './client-hub.js';
import type { Network } from './network.js';
import type { SimClient } from './sim-client.js';
import type { SimNode } from './sim-node.js';
import type { Strikes } from './strikes.js';

/** What faults can do to the world. */
export interface FaultWorld {
  readonly tick: number;
  readonly nodes: readonly SimNode[];
  readonly network: Network;
  readonly recorder: Pick<Recorder, 'mark'>;
  readonly clients: readonly Pick<SimClient, 'isReading'>[];
  /** The acting primary of the highest view, or -1. */
  readonly primary: number;
  stop(node: SimNode, power: boolean): void;
  later(ticks: number, run: () => void): void;
  start(node: SimNode): void;
  resetClients(node: SimNode): void;
  readonly hub: Pick<ClientHub, 'silence' | 'halfClose' | 'lossy' | 'routes'>;
  shun(node: SimNode, isShunned: boolean): void;
  /**
   * Whether the others hold everything committed, so that this one may be wiped; `isAgain`: because of
   * what it lost already.
   */
  mayWipe(node: SimNode, isAgain?: boolean): boolean;
  wipe(node: SimNode): void;
  /** Damages a file of a partition at rest: of which kind, if there is one. */
  rotData(node: SimNode, value: number): string | undefined;
  /** Damages a file of a node at rest; false when it has none. */
  rot(node: SimNode, value: number): boolean;
  fail(violation: Violation): void;
}

/** What scenes in several acts share. */
export interface Stage {
  readonly world: FaultWorld;
  readonly strikes: Strikes;
  /** Cuts links; returns how to join them again. */
  cut(isCut: (from: number, to: number) => boolean): () => void;
}
