import type { ProposalOutcome } from '../consensus/index.js';

/** How the bytes of a client connection are framed. */
export type Framing = 'consensus' | 'correlated';

/** Transport kinds as clients see them: 1 TCP, 2 QUIC, 4 WebSocket; TLS reports the base kind. */
export type TransportKind = 1 | 2 | 4;

/**
 * Everything that can happen to the server of one node. `now` is wall time in microseconds and is
 * used for token expiry and replicated requests only; timeouts count ticks of 10 ms.
 */
export type ServerEvent =
  /** A client connected. `connection` counts from 1 per node and is never reused. */
  | {
      readonly kind: 'opened';
      readonly connection: number;
      /** `ip:port` of the peer, as it is shown to clients. */
      readonly address: string;
      /** Address of our end without a port; announced instead of a wildcard listener. */
      readonly localAddress: string;
      readonly transport: TransportKind;
      readonly framing: Framing;
    }
  /** The socket is gone. Not produced while the node shuts down, so that sessions survive. */
  | { readonly kind: 'closed'; readonly connection: number; readonly now: number }
  /** One whole frame as the splitter of the connection's framing cut it; its size is in bounds. */
  | {
      readonly kind: 'frame';
      readonly connection: number;
      readonly frame: Uint8Array;
      readonly now: number;
    }
  /** Ten milliseconds passed. */
  | { readonly kind: 'tick'; readonly now: number }
  /** Answer of a group to a `propose` or `propose-partition` effect. */
  | {
      readonly kind: 'outcome';
      readonly token: number;
      readonly outcome: ProposalOutcome;
      readonly now: number;
    }
  /** Answer to `confirm-read`; 0 = serve now, else the code (57 or 58) to refuse with. */
  | {
      readonly kind: 'read-outcome';
      readonly token: number;
      readonly code: number;
      readonly now: number;
    }
  | {
      readonly kind: 'password-verified';
      readonly job: number;
      readonly matches: boolean;
      readonly now: number;
    }
  | {
      readonly kind: 'password-hashed';
      readonly job: number;
      readonly phc: string;
      readonly now: number;
    }
  /** A frame with command 5, 8 or 26 to 29 that arrived on a link to another replica. */
  | { readonly kind: 'replica-frame'; readonly frame: Uint8Array; readonly now: number }
  /** The collected archive of a `collect-snapshot` effect; `undefined` = it failed. */
  | {
      readonly kind: 'snapshot-collected';
      readonly job: number;
      readonly archive: Uint8Array | undefined;
      readonly now: number;
    }
  /** Users whose sessions ended in an apply on this node (deleted or set inactive). */
  | { readonly kind: 'users-ended'; readonly users: readonly number[]; readonly now: number };
