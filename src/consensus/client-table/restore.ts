import { getU32 } from '../../base/index.js';
import { ConsensusDecodeError } from '../errors.js';
import { replyCommit, replyRequest } from '../frame/reply-header.js';
import { type LiveEntry, type RetiredEntry, replySlab } from './entry.js';
import type { ClientTableImage, LiveEntryImage, RetiredEntryImage } from './image.js';
import type { RetiredTier } from './retired-tier.js';
import type { Slots } from './slots.js';

export type { ClientTableImage } from './image.js';

const slotsMax = 65_536;
const ringMax = 64;
const replyCommand = 8;
const headerSize = 256;

/** The two tiers as plain data; shares the reply frames. */
export function imageOf(slots: Slots, retired: RetiredTier): ClientTableImage {
  return {
    live: [...slots].map((entry) => ({
      slot: entry.slot,
      client: entry.client,
      epoch: entry.epoch,
      userId: entry.userId,
      watermark: entry.watermark,
      watermarkChecksum: entry.watermarkChecksum,
      origin: entry.origin,
      replies: [...entry.replies],
    })),
    retired: retired.sorted().map(({ reply, ...rest }) => ({
      ...rest,
      ...(reply === undefined ? {} : { reply }),
    })),
  };
}

/** Entries of an image after all checks. @throws CONSENSUS_MALFORMED */
export function restoreEntries(image: ClientTableImage): {
  readonly live: readonly LiveEntry[];
  readonly retired: readonly RetiredEntry[];
} {
  const clients = new Set<bigint>();
  const slots = new Set<number>();
  const live = image.live.map((entry) => {
    requireNew(clients, entry.client, 'client');
    requireNew(slots, entry.slot, 'slot');
    return liveEntry(entry);
  });
  const retired = image.retired.map((entry) => {
    requireNew(clients, entry.client, 'client');
    return retiredEntry(entry);
  });
  return { live, retired };
}

function liveEntry(image: LiveEntryImage): LiveEntry {
  if (image.slot >= slotsMax) refuse('a slot is out of range', { slot: image.slot });
  if (image.client === 0n) refuse('a client id is zero', {});
  if (image.replies.length < 1 || image.replies.length > ringMax) {
    refuse('a reply ring has 1 to 64 replies', { replies: image.replies.length });
  }
  const requests = new Set<bigint>();
  let replyBytes = 0;
  let latestCommit = 0;
  for (const reply of image.replies) {
    checkReply(reply);
    requireNew(requests, replyRequest(reply), 'request in a ring');
    replyBytes += reply.length;
    // Recomputed, not trusted: it decides who is evicted.
    latestCommit = replyCommit(reply);
  }
  return { ...image, replies: [...image.replies], replyBytes, latestCommit, slab: replySlab() };
}

function retiredEntry(image: RetiredEntryImage): RetiredEntry {
  if (image.client === 0n) refuse('a client id is zero', {});
  if (image.reply !== undefined) checkReply(image.reply);
  return { ...image, reply: image.reply };
}

function checkReply(reply: Uint8Array): void {
  if (
    reply.length < headerSize ||
    reply[60] !== replyCommand ||
    getU32(reply, 48) !== reply.length
  ) {
    refuse('a cached reply is not a reply frame', { length: reply.length });
  }
}

function requireNew<T extends bigint | number>(seen: Set<T>, value: T, what: string): void {
  if (seen.has(value)) refuse(`duplicate ${what}`, { value: String(value) });
  seen.add(value);
}

function refuse(message: string, details: Record<string, unknown>): never {
  throw new ConsensusDecodeError(`client table: ${message}`, details);
}
