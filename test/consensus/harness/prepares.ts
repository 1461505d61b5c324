import { emptyBytes, setU32, setU64, setU64Number } from '../../../src/base/index.js';
import { fillPrepare, prepareChecksum } from '../../../src/consensus/frame/prepare.js';
import { fillReply } from '../../../src/consensus/frame/reply.js';
import { metadataGroup } from '../../../src/consensus/index.js';
import { Command, Operation, prepareHeader } from '../../../src/wire/index.js';

export interface PrepareOptions {
  readonly op: number;
  readonly parent?: bigint;
  readonly view?: number;
  readonly builder?: number;
  readonly commit?: number;
  readonly timestamp?: number;
  readonly client?: bigint;
  readonly request?: bigint;
  readonly operation?: number;
  readonly userId?: number;
  readonly body?: Uint8Array;
  readonly requestChecksum?: bigint;
}

const at = prepareHeader.offsetOf;

/** A sealed prepare of cluster 7, metadata group. */
export function makePrepare(options: PrepareOptions): Uint8Array {
  const body = options.body ?? emptyBytes;
  const frame = new Uint8Array(256 + body.length);
  setU64(frame, at.cluster, 7n);
  setU32(frame, at.size, frame.length);
  setU32(frame, at.view, options.view ?? 0);
  frame[at.command] = Command.Prepare;
  frame[at.replica] = options.builder ?? options.view ?? 0;
  setU64(frame, at.group, metadataGroup);
  return fillPrepare(frame, {
    client: options.client ?? 9n,
    parent: options.parent ?? 0n,
    requestChecksum: options.requestChecksum ?? 0n,
    release: 0,
    op: options.op,
    commit: options.commit ?? 0,
    timestamp: options.timestamp ?? 1000 + options.op,
    request: options.request ?? BigInt(options.op),
    operation: options.operation ?? Operation.CreateStream,
    userId: options.userId ?? 0,
    body,
    bodyChecksum: undefined,
  });
}

/** Chained prepares `1..length`; `variant` makes another history of the same length. */
export function makeChain(length: number, options: Partial<PrepareOptions> = {}): Uint8Array[] {
  const chain: Uint8Array[] = [];
  let parent = options.parent ?? 0n;
  const first = options.op ?? 1;
  for (let op = first; op < first + length; op++) {
    const frame = makePrepare({ ...options, op, parent });
    chain.push(frame);
    parent = prepareChecksum(frame);
  }
  return chain;
}

/** A committed reply to a request of a client, as the table caches it. */
export function makeReply(fields: {
  readonly client: bigint;
  readonly op: number;
  readonly request?: bigint;
  readonly requestChecksum?: bigint;
  readonly size?: number;
}): Uint8Array {
  const { size = 260, ...rest } = fields;
  const reply = fillReply(new Uint8Array(size), makePrepare(rest), emptyBytes);
  setU64Number(reply, 48, 0);
  setU32(reply, 48, size);
  return reply;
}
