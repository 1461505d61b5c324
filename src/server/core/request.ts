import type { Connection } from './connection.js';
import { requestAt } from './request-header.js';

/** One client request on its way to an answer. */
export class Request {
  readonly connection: Connection;
  /** The whole frame as received; a reply echoes parts of its header. */
  readonly frame: Uint8Array;
  /** The next frame of the connection waits until this one is answered. */
  awaited: boolean;
  /** Id the answer is matched with on the correlated framing. */
  readonly correlation: bigint | undefined;
  answered = false;
  /** Replayed here while its outcome is not known, up to this tick; 0 = not yet. */
  replayUntilTick = 0;

  constructor(
    connection: Connection,
    frame: Uint8Array,
    awaited: boolean,
    correlation: bigint | undefined,
  ) {
    this.connection = connection;
    this.frame = frame;
    this.awaited = awaited;
    this.correlation = correlation;
  }

  get operation(): number {
    return this.frame[requestAt.operation] ?? 0;
  }
}
