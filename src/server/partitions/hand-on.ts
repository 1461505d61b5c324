import { getU64, getU128, setU64 } from '../../base/index.js';
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
  const isAnswered = handed.transportId !== autoCommitClient;
  const number = isAnswered ? core.handedOn.add(handed) : clientNumber(handed.frame);
  const frame = routedFrame(core, handed, number);
  core.out.push({ kind: 'forward', replica: primary, frame });
  if (isAnswered) core.timers.after(handOnTicks, { kind: 'hand-on', number });
  return 0;
}

/** What a Reply from another node answers, with the number the client gave; else it is dropped. */
export function takeHandedOn(
  core: Core,
  answer: Uint8Array,
): { readonly work: PartitionWork; readonly frame: Uint8Array } | undefined {
  const number = getU64(answer, reply.request);
  const work = core.handedOn.get(number);
  const isAnswer =
    work !== undefined &&
    getU128(answer, reply.client) === work.transportId &&
    answer[reply.operation] === work.operation;
  if (!isAnswer) return undefined;
  core.handedOn.remove(number);
  const frame = answer.slice();
  setU64(frame, reply.request, clientNumber(work.frame));
  return { work, frame };
}

/** The client's header with what admission decided, and the body as it was rewritten. */
function routedFrame(core: Core, handed: PartitionWork, number: bigint): Uint8Array {
  const { body } = handed;
  const frame = new Uint8Array(headerSize + body.length);
  frame.set(handed.frame.subarray(0, headerSize));
  const { put } = routedRequestView;
  put.checksum(frame, 0n);
  put.checksumBody(frame, 0n);
  put.cluster(frame, core.config.cluster);
  put.size(frame, frame.length);
  put.view(frame, 0);
  put.command(frame, Command.Request);
  put.replica(frame, core.config.node);
  frame.fill(0, routed.reservedFrame, routed.client);
  put.client(frame, handed.transportId);
  put.request(frame, number);
  put.operation(frame, handed.operation);
  frame.fill(0, routed.operationPadding, routed.session);
  put.session(frame, BigInt(handed.session));
  put.userId(frame, handed.userId);
  frame.fill(0, routed.reserved, headerSize);
  put.group(frame, handed.group);
  frame.set(body, headerSize);
  return frame;
}

/** The number of a client's request; 0 is no number for a partition. */
function clientNumber(frame: Uint8Array): bigint {
  return getU64(frame, requestAt.request) || 1n;
}
