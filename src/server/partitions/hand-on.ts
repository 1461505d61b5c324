import { getU64, getU128 } from '../../base/index.js';
import {
  Command,
  headerSize,
  replyHeader,
  routedRequestHeader,
  routedRequestView,
} from '../../wire/index.js';
import type { Core } from '../core/core.js';
import { requestAt } from '../core/request-header.js';
import { statusCode } from '../core/status-codes.js';
import type { PartitionView } from '../partition-view.js';
import { autoCommitClient, type PartitionWork } from './partition-work.js';

/** Ticks the primary of a partition has for the answer to what was handed to it. */
const handOnTicks = 500;
const routed = routedRequestHeader.offsetOf;
const reply = replyHeader.offsetOf;

/**
 * Hands an admitted partition request to the node that leads the partition's group in the view known
 * here, once. Returns 0, or the code of a refusal when nothing was sent.
 *
 * @source Iggy session protocol, hand-on of partition requests
 */
export function handOn(core: Core, handed: PartitionWork, partition: PartitionView): number {
  const { status, primary } = partition.status;
  const isKnown = status === 'normal' && primary !== core.config.node;
  if (!isKnown || !core.deps.links.isUp(primary)) return statusCode.transientNotAccepted;
  const frame = routedFrame(core, handed);
  core.out.push({ kind: 'forward', replica: primary, frame });
  if (handed.transportId === autoCommitClient) return 0;
  const id = core.handedOn.add(
    keyOf(frame, routed.client, routed.request, routed.operation),
    handed,
  );
  core.timers.after(handOnTicks, { kind: 'hand-on', id });
  return 0;
}

/** The hand-on a Reply from another node answers; anything else is dropped. */
export function takeHandedOn(core: Core, frame: Uint8Array): PartitionWork | undefined {
  const transportId = getU128(frame, reply.client);
  if (Number(transportId >> 112n) !== core.config.node) return undefined;
  return core.handedOn.take(keyOf(frame, reply.client, reply.request, reply.operation));
}

/** The client's header with what admission decided, and the body as it was rewritten. */
function routedFrame(core: Core, handed: PartitionWork): Uint8Array {
  const { body } = handed;
  const frame = new Uint8Array(headerSize + body.length);
  frame.set(handed.frame.subarray(0, headerSize));
  const { put } = routedRequestView;
  put.checksum(frame, 0n);
  put.checksumBody(frame, 0n);
  put.cluster(frame, core.config.cluster);
  put.size(frame, frame.length);
  put.view(frame, 0);
  put.release(frame, 0);
  put.command(frame, Command.Request);
  put.replica(frame, core.config.node);
  frame.fill(0, routed.reservedFrame, routed.client);
  put.client(frame, handed.transportId);
  if (getU64(frame, requestAt.request) === 0n) put.request(frame, 1n);
  put.operation(frame, handed.operation);
  frame.fill(0, routed.operationPadding, routed.session);
  put.session(frame, BigInt(handed.session));
  put.userId(frame, handed.userId);
  frame.fill(0, routed.reserved, headerSize);
  put.group(frame, handed.group);
  frame.set(body, headerSize);
  return frame;
}

/** Client, request number and operation as one text. */
function keyOf(frame: Uint8Array, client: number, request: number, operation: number): string {
  const id = getU128(frame, client).toString(36);
  return `${id}/${getU64(frame, request).toString(36)}/${frame[operation] ?? 0}`;
}
