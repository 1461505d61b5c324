import { Slab } from '../../base/index.js';
import { replyCommit, replyRequest } from '../frame/reply-header.js';

/** A live session. Mutable, owned by the table. */
export interface LiveEntry {
  slot: number;
  readonly client: bigint;
  epoch: number;
  userId: number;
  watermark: bigint;
  watermarkChecksum: bigint;
  origin: number;
  /** Commit op of the newest reply; denormalised because it decides the order of eviction. */
  latestCommit: number;
  /** Reply frames, oldest first; never empty, request numbers unique. */
  readonly replies: Uint8Array[];
  /** Bytes of `replies`. */
  replyBytes: number;
  /** Where its replies are made: they go in the order they came, so they share their arrays. */
  readonly slab: Slab;
}

export function replySlab(): Slab {
  return new Slab(512, 4096);
}

/** A session pushed out by capacity. Mutable, owned by the table. */
export interface RetiredEntry {
  readonly client: bigint;
  readonly userId: number;
  watermark: bigint;
  watermarkChecksum: bigint;
  readonly origin: number;
  latestCommit: number;
  reply: Uint8Array | undefined;
}

/** Position of the reply to `request`, or -1; the newest is looked at first. */
export function findReply(entry: LiveEntry, request: bigint): number {
  const { replies } = entry;
  for (let i = replies.length - 1; i >= 0; i--) {
    const reply = replies[i];
    if (reply !== undefined && replyRequest(reply) === request) return i;
  }
  return -1;
}

/** Newest reply to an application request (not to a Register), if any is cached. */
export function newestApplicationReply(entry: LiveEntry): Uint8Array | undefined {
  for (let i = entry.replies.length - 1; i >= 0; i--) {
    const reply = entry.replies[i];
    if (reply !== undefined && replyRequest(reply) !== 0n) return reply;
  }
  return undefined;
}

/** Commit op of the oldest reply, which is the next one to go. */
export function oldestCommit(entry: LiveEntry): number {
  const reply = entry.replies[0];
  return reply === undefined ? 0 : replyCommit(reply);
}
