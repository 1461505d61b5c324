import type { Connection, SdkIdentity } from './core/connection.js';
import type { Framing, TransportKind } from './events.js';

/** What a node can tell about one of its connections. */
export interface ConnectionSummary {
  readonly connection: number;
  readonly address: string;
  readonly transport: TransportKind;
  readonly framing: Framing;
  /** The session the connection speaks for; absent before login and after logout. */
  readonly session?: {
    readonly userId: number;
    readonly clientId: bigint;
    /** Commit op of the Register. */
    readonly epoch: number;
  };
  /** A user was accepted on it, also if the session has been taken over or evicted since. */
  readonly isAuthenticated: boolean;
  /** Ticks since its last frame with a valid header, or since it was opened. */
  readonly silentTicks: number;
  /** What the client said about itself at its last login. */
  readonly sdk?: SdkIdentity;
}

export function summarize(connection: Connection, tick: number): ConnectionSummary {
  const { id, address, transport, framing, bound, sdk } = connection;
  const session = bound && { userId: bound.userId, clientId: bound.clientId, epoch: bound.session };
  return {
    connection: id,
    address,
    transport,
    framing,
    isAuthenticated: connection.binding !== undefined,
    silentTicks: Math.max(0, tick - connection.lastHeardTick),
    ...(session && { session }),
    ...(sdk && { sdk }),
  };
}
