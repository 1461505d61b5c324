import type { Login } from '../login/login.js';
import type { PartitionRead } from '../partitions/partition-read.js';
import type { PartitionWork } from '../partitions/partition-work.js';
import type { Binding } from './connection.js';
import type { Request } from './request.js';

/** What is proposed for a metadata operation of a client. */
export interface MetadataChange {
  readonly body: Uint8Array;
  /** The request's own when absent. */
  readonly operation?: number;
  /** Secret of an access token under creation: only this node knows it. */
  readonly rawToken?: string | undefined;
}

/** A metadata operation of a bound client. */
export interface PendingMetadata {
  readonly kind: 'metadata';
  readonly request: Request;
  readonly binding: Binding;
  readonly change: MetadataChange;
}

/** A register or logout proposed for another replica, which is answered with a frame. */
export interface PendingForReplica {
  readonly kind: 'for-replica';
  readonly action: 'register' | 'logout';
  readonly replica: number;
  readonly nonce: bigint;
  readonly clientId: bigint;
}

/** A request that the local replica of a partition's group decides. */
interface PendingPartition {
  readonly kind: 'partition';
  readonly work: PartitionWork;
}

/** What an outcome of a group is for. */
export type Pending =
  | PendingMetadata
  | PendingPartition
  | { readonly kind: 'register'; readonly login: Login }
  /** A login under another identity ends the connection's former session first. */
  | { readonly kind: 'implicit-logout'; readonly login: Login }
  | { readonly kind: 'logout'; readonly request: Request; readonly binding: Binding }
  /** The logout of a connection that is gone, or of a stale one; nobody waits. */
  | { readonly kind: 'disconnect'; readonly clientId: bigint; readonly session: number }
  | PendingForReplica
  /** What the metadata primary does on its own. */
  | { readonly kind: 'token-deletion' }
  | { readonly kind: 'revocation'; readonly client: bigint };

/** A read that waits for a confirmed read point of its group. */
export type PendingRead =
  | { readonly kind: 'metadata'; readonly request: Request }
  | { readonly kind: 'partition'; readonly work: PartitionWork; readonly read: PartitionRead }
  /** Of a partition, but its partition was not found; the point is that of the metadata. */
  | {
      readonly kind: 'lookup';
      readonly request: Request;
      readonly readKind: PartitionRead['kind'];
    };
