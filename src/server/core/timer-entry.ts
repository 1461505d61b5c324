import type { Login } from '../login/login.js';
import type { PartitionRead } from '../partitions/partition-read.js';
import type { PartitionWork } from '../partitions/partition-work.js';
import type { Pending } from './pending.js';
import type { Request } from './request.js';

/** What a deadline is for. */
export type TimerEntry =
  /** A forwarded register or logout was not answered. */
  | { readonly kind: 'forward'; readonly nonce: bigint }
  /** An attempt to log in had to wait, after many that failed. */
  | { readonly kind: 'login'; readonly login: Login }
  /** The resume grace of a client that disconnected is over. */
  | { readonly kind: 'grace'; readonly clientId: bigint; readonly session: number }
  /** Look again for a partition that is not served here yet. */
  | {
      readonly kind: 'routing';
      readonly request: Request;
      readonly work: PartitionWork;
      readonly attempt: number;
    }
  /** Look again whether a read may be served: this node catches up with its own log. */
  | { readonly kind: 'read'; readonly request: Request; readonly attempt: number }
  /** The same for a read of a partition. */
  | {
      readonly kind: 'partition-read';
      readonly work: PartitionWork;
      readonly read: PartitionRead;
      readonly attempt: number;
    }
  /** Look again for a partition that another node handed requests on for. */
  | { readonly kind: 'arrival'; readonly group: number; readonly attempt: number }
  /** A request handed to another node was not answered. */
  | { readonly kind: 'hand-on'; readonly number: bigint }
  /** Try again what may or may not have happened. */
  | { readonly kind: 'replay'; readonly pending: Pending }
  /** Time to delete expired tokens. */
  | { readonly kind: 'tokens' }
  /** Time to look at partitions that wait to change their owner. */
  | { readonly kind: 'revocations' }
  /** Time to look for connections that went silent. */
  | { readonly kind: 'heartbeat' };
