// Batches by hand, with every field open to be wrong.
import { hash64, ident, u8, u32 } from './bytes.js';
import { batchChecksum, type Id } from './requests.js';

export interface Frame {
  readonly payload?: Uint8Array | string;
  readonly headers?: Uint8Array;
  readonly id?: bigint;
  readonly delta?: number;
  readonly time?: number;
  /** Lengths that are claimed instead of the real ones. */
  readonly claims?: { readonly headers?: number; readonly payload?: number };
  readonly reserved?: bigint;
}

function frameBytes(frame: Frame, index = 0): Buffer {
  const payload = Buffer.from(frame.payload ?? '');
  const headers = Buffer.from(frame.headers ?? '');
  const bytes = Buffer.alloc(48 + payload.length + headers.length);
  const id = frame.id ?? 0n;
  bytes.writeBigUInt64LE(id & 0xffff_ffff_ffff_ffffn, 8);
  bytes.writeBigUInt64LE(id >> 64n, 16);
  bytes.writeUInt32LE(frame.delta ?? index, 24);
  bytes.writeUInt32LE(frame.time ?? 0, 28);
  bytes.writeUInt32LE(frame.claims?.headers ?? headers.length, 32);
  bytes.writeUInt32LE(frame.claims?.payload ?? payload.length, 36);
  bytes.writeBigUInt64LE(frame.reserved ?? 0n, 40);
  payload.copy(bytes, 48);
  headers.copy(bytes, 48 + payload.length);
  bytes.writeBigUInt64LE(hash64(bytes.subarray(8)));
  return bytes;
}

export interface BatchFields {
  readonly partition?: bigint;
  readonly base?: bigint;
  readonly time?: bigint;
  readonly origin?: bigint;
  readonly length?: bigint;
  readonly count?: number;
}

/** A batch whose checksums are right for what it says, whatever it says. */
export function batchBytes(frames: readonly Frame[], fields: BatchFields = {}): Buffer {
  const bodies = frames.map(frameBytes);
  const total = 256 + bodies.reduce((sum, body) => sum + body.length, 0);
  const header = Buffer.alloc(256);
  header.writeBigUInt64LE(fields.partition ?? 0n, 0);
  header.writeBigUInt64LE(fields.base ?? 0n, 8);
  header.writeBigUInt64LE(fields.time ?? 0n, 16);
  header.writeBigUInt64LE(fields.origin ?? 0n, 24);
  header.writeBigUInt64LE(fields.length ?? BigInt(total), 32);
  header.writeUInt32LE(fields.count ?? frames.length, 48);
  header.writeBigUInt64LE(batchChecksum(header, bodies), 40);
  return Buffer.concat([header, ...bodies]);
}

/** Partitionings: kind, length byte and value as given. */
export const toPartition = (id: number): Buffer => Buffer.concat([u8(2), u8(4), u32(id)]);
export const toKey = (key: Uint8Array | string): Buffer =>
  Buffer.concat([u8(3), u8(Buffer.from(key).length), Buffer.from(key)]);

export interface SendParts {
  readonly stream: Id | Buffer;
  readonly topic: Id | Buffer;
  readonly to?: Buffer;
  readonly batch: Buffer;
  readonly count: number;
  /** Added to the length that is told of the part before the batch. */
  readonly lie?: number;
}

/** Body of send_messages from its parts. */
export function sendParts({ stream, topic, to, batch, count, lie = 0 }: SendParts): Buffer {
  const bytes = (id: Id | Buffer): Buffer => (Buffer.isBuffer(id) ? id : ident(id));
  const meta = Buffer.concat([bytes(stream), bytes(topic), to ?? toPartition(0), u32(count)]);
  return Buffer.concat([u32(meta.length + lie), meta, batch]);
}
