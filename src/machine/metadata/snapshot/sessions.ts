import type { Snapshot, SnapshotClient, SnapshotExtension } from '../../../wire/index.js';
import type { LiveSessionImage, RetiredSessionImage, SessionsImage } from './snapshot-contents.js';
import { SnapshotError, smallNumber } from './snapshot-error.js';

/** The part that official servers read: the newest reply of each session. */
export function writeClientTable({ live }: SessionsImage): NonNullable<Snapshot['client_table']> {
  return { entries: live.map((entry) => ({ slot: entry.slot, entry: writeEntry(entry) })) };
}

function writeEntry(entry: LiveSessionImage): SnapshotClient {
  const reply = entry.replies.at(-1);
  if (reply === undefined) throw new SnapshotError('a session without replies', {});
  return {
    client_id: entry.client,
    epoch: BigInt(entry.epoch),
    user_id: entry.userId,
    watermark: entry.watermark,
    watermark_checksum: entry.watermarkChecksum,
    reply,
  };
}

/** What ours adds: whole reply rings and the retired tier. */
export function writeSessionExtension({
  live,
  retired,
}: SessionsImage): Pick<SnapshotExtension, 'sessions' | 'retired'> {
  return {
    sessions: live.map(({ slot, origin, replies }) => ({ slot, origin: BigInt(origin), replies })),
    retired: retired.map((entry) => ({
      client_id: entry.client,
      user_id: entry.userId,
      watermark: entry.watermark,
      watermark_checksum: entry.watermarkChecksum,
      origin: BigInt(entry.origin),
      latest_commit: BigInt(entry.latestCommit),
      reply: entry.reply ?? null,
    })),
  };
}

/**
 * The client table of a snapshot. In an official one each session began with its present epoch,
 * holds one reply, and nothing is retired. @throws SNAPSHOT_INVALID
 */
export function readSessions({ client_table: table, extension }: Snapshot): SessionsImage {
  const entries = table?.entries ?? [];
  const rings = new Map(extension?.sessions.map((ring) => [ring.slot, ring]));
  const live = entries.map(({ slot, entry }): LiveSessionImage => {
    const ring = rings.get(slot);
    const epoch = smallNumber(entry.epoch, 'epoch');
    if (extension !== null && ring === undefined) {
      throw new SnapshotError(`session ${slot} has no reply ring`, { slot });
    }
    return {
      slot,
      client: entry.client_id,
      epoch,
      userId: entry.user_id,
      watermark: entry.watermark,
      watermarkChecksum: entry.watermark_checksum,
      origin: ring === undefined ? epoch : smallNumber(ring.origin, 'origin'),
      replies: ring === undefined ? [entry.reply] : ring.replies,
    };
  });
  return { live, retired: readRetired(extension) };
}

function readRetired(extension: SnapshotExtension | null): readonly RetiredSessionImage[] {
  return (extension?.retired ?? []).map((entry) => ({
    client: entry.client_id,
    userId: entry.user_id,
    watermark: entry.watermark,
    watermarkChecksum: entry.watermark_checksum,
    origin: smallNumber(entry.origin, 'origin'),
    latestCommit: smallNumber(entry.latest_commit, 'latest_commit'),
    ...(entry.reply === null ? {} : { reply: entry.reply }),
  }));
}
