import { randomBytes, randomInt } from 'node:crypto';
import type { MessageInput } from '../../client/index.js';
import type { BenchPlan } from './options.js';

/** Batches made ahead: what is measured is sending, not making up bytes. */
const prepared = 8;

/** A batch, and the bytes of its payloads. */
export interface Batch {
  readonly messages: readonly MessageInput[];
  readonly bytes: number;
}

/** Gives batches in turn. */
export function batchMaker(plan: BenchPlan): () => Batch {
  const batches = Array.from({ length: prepared }, () => makeBatch(plan));
  let next = 0;
  return () => {
    next = (next + 1) % prepared;
    return batches[next] ?? makeBatch(plan);
  };
}

function makeBatch({ messagesPerBatch, size, payload }: BenchPlan): Batch {
  const messages = Array.from({ length: messagesPerBatch }, () => {
    const length = size.from === size.to ? size.from : randomInt(size.from, size.to + 1);
    return { payload: bytesOf(payload, length) };
  });
  return { messages, bytes: messages.reduce((sum, each) => sum + each.payload.length, 0) };
}

function bytesOf(payload: BenchPlan['payload'], length: number): Uint8Array {
  if (payload === 'zero') return new Uint8Array(length);
  if (payload === 'random') return new Uint8Array(randomBytes(length));
  if (payload.length === 0) return new Uint8Array(length);
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += payload.length) {
    bytes.set(payload.subarray(0, length - at), at);
  }
  return bytes;
}
