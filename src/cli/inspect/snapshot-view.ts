import { isoTime } from '../../render/index.js';
import { decodeHeader, isOperation, operationName, type Snapshot } from '../../wire/index.js';
import type { Field, Fields } from '../output/result.js';
import { hex128 } from '../output/wire-values.js';
import type { FoundSnapshot } from './read-snapshot.js';

/** How much of everything a snapshot holds. */
export function snapshotCounts(content: Snapshot) {
  const streams = content.streams?.streams ?? [];
  const topics = streams.flatMap(({ stream }) => stream.topics);
  return {
    users: content.users?.users.length ?? 0,
    tokens: content.users?.tokens.reduce((sum, { tokens }) => sum + tokens.length, 0) ?? 0,
    streams: streams.length,
    topics: topics.length,
    partitions: topics.reduce((sum, { topic }) => sum + topic.partitions.length, 0),
    groups: topics.reduce((sum, { topic }) => sum + topic.groups.length, 0),
    sessions: content.client_table?.entries.length ?? 0,
    retired: content.extension?.retired.length ?? null,
  };
}

/** A snapshot as JSON: what it is about, and how much it holds. */
export function snapshotFields(found: FoundSnapshot): Fields {
  const { path, size, checksum, trailer, content, problem } = found;
  const about =
    content === undefined
      ? {}
      : {
          op: content.sequence_number,
          created_at: isoTime(content.created_at) ?? null,
          version: content.version,
          writer_release: content.writer_release,
          layout: content.extension === null ? 'official' : 'extended',
          sections: snapshotCounts(content),
        };
  return {
    ...{ file: path, offset: 0n, length: size },
    fields: { ...about, checksum: hex128(checksum) },
    checks: { trailer, payload: content === undefined ? 'mismatch' : 'ok' },
    warnings: problem === undefined ? [] : [problem],
  };
}

const masked = '********';
const secretKeys: ReadonlySet<string> = new Set(['password_hash', 'hash']);

/**
 * The whole content as plain data. Hashes are masked, and of kept replies only the facts of their
 * headers are given, since a reply may hold a token.
 */
export function dumpOf(value: unknown, key = ''): Field {
  if (secretKeys.has(key)) return masked;
  if (value instanceof Uint8Array) return replyFacts(value);
  if (Array.isArray(value)) return value.map((item: unknown) => dumpOf(item, key));
  if (typeof value === 'bigint') {
    const isWide = /client_id|checksum/.test(key);
    return isWide ? hex128(value) : value;
  }
  if (typeof value !== 'object' || value === null) return value as Field;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]: [string, unknown]) => [name, dumpOf(item, name)]),
  );
}

function replyFacts(bytes: Uint8Array): Field {
  try {
    const { op, operation, request, status } = decodeHeader('Reply', bytes);
    const name = isOperation(operation) ? operationName(operation) : String(operation);
    return { bytes: bytes.length, op, operation: name, request, status };
  } catch {
    return { bytes: bytes.length };
  }
}

/** A session of a snapshot, live or retired. */
export interface SnapshotSession extends Fields {
  readonly tier: string;
  readonly client_id: string;
}

/** The client table of a snapshot, with what our additions tell of each session. */
export function sessionsOf(content: Snapshot): readonly SnapshotSession[] {
  const rings = new Map(content.extension?.sessions.map((ring) => [ring.slot, ring]));
  const live = (content.client_table?.entries ?? []).map(({ slot, entry }) => ({
    ...{ tier: 'live', slot, client_id: hex128(entry.client_id), user_id: entry.user_id },
    ...{ epoch: entry.epoch, watermark: entry.watermark },
    origin: rings.get(slot)?.origin ?? null,
    cached_replies: rings.get(slot)?.replies.length ?? (entry.reply.length > 0 ? 1 : 0),
    latest_commit: null,
  }));
  const retired = (content.extension?.retired ?? []).map((entry) => ({
    ...{ tier: 'retired', slot: null, client_id: hex128(entry.client_id) },
    ...{ user_id: entry.user_id, epoch: null, watermark: entry.watermark },
    ...{ origin: entry.origin, cached_replies: entry.reply === null ? 0 : 1 },
    latest_commit: entry.latest_commit,
  }));
  return [...live, ...retired];
}
