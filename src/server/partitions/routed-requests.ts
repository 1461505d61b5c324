import {
  frameView,
  headerSize,
  isPartitionOperation,
  Operation,
  routedRequestView,
} from '../../wire/index.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import { requestBody, requestCode, requestSession } from '../core/request-header.js';
import { statusCode } from '../core/status-codes.js';
import { confirmPartitionRead, relayRead } from './confirmed-reads.js';
import { takeHandedOn } from './hand-on.js';
import { answerWork, applyWithoutAck, proposeToPartition, refuseWork } from './partition-local.js';
import { decodePartitionRead } from './partition-read.js';
import { refuseRead } from './partition-reads.js';
import { autoCommitClient, type PartitionWaiter, type PartitionWork } from './partition-work.js';
import { isWithoutAck } from './without-ack.js';

/** Ticks a request waits for its partition; shorter than the other node waits for the answer. */
const arrivalTicks = 300;

/**
 * A partition request another node admitted. It is treated like a local one, except that it is never
 * handed on again: it waits for a partition that is not there yet.
 *
 * @source Iggy session protocol, hand-on of partition requests
 */
export function onRoutedRequest(core: Core, frame: Uint8Array): Done {
  const work = parseRouted(core, frame);
  if (work === undefined) return core.log('warn', 'RoutedRequestMalformed', {});
  const isFirst = !core.arrivals.has(work.group);
  if (isFirst && !isToCome(core, work.group)) return serveRouted(core, work);
  if (!core.arrivals.add(work)) return refuseRouted(core, work, statusCode.transientNotAccepted);
  if (isFirst) core.timers.after(1, { kind: 'arrival', group: work.group, attempt: 1 });
}

/** Looks again for a partition that requests were handed on for. */
export function onArrivalDue(core: Core, group: number, attempt: number): Done {
  if (attempt < arrivalTicks && isToCome(core, group)) {
    core.timers.after(1, { kind: 'arrival', group, attempt: attempt + 1 });
    return;
  }
  for (const work of core.arrivals.take(group)) serveRouted(core, work);
}

/** Metadata that names the partition may be on its way: the node that admitted the request has it. */
function isToCome(core: Core, group: number): boolean {
  const { partitions } = core.deps;
  return partitions.find(group) === undefined && !partitions.isRefused(group);
}

function serveRouted(core: Core, work: PartitionWork): Done {
  const partition = core.deps.partitions.find(work.group);
  const isRead = work.operation === Operation.NonReplicated;
  if (partition?.status.isActingPrimary !== true) {
    return refuseRouted(core, work, statusCode.transientNotAccepted);
  }
  if (!isRead) {
    if (work.withoutAck) return applyWithoutAck(core, work, partition);
    return proposeToPartition(core, work);
  }
  const read = decodePartitionRead(requestCode(work.frame), work.group, work.body);
  if (read === undefined) return refuseRead(core, work, statusCode.invalidCommand);
  confirmPartitionRead(core, work, read);
}

/** The answer to a request that was handed on; one that nobody waits for is dropped. */
export function onRoutedReply(core: Core, answer: Uint8Array): Done {
  const taken = takeHandedOn(core, answer);
  if (taken === undefined) {
    return core.log('debug', 'RoutedReplyUnmatched', { replica: frameView.replica(answer) });
  }
  const { work, frame } = taken;
  if (work.operation === Operation.NonReplicated) return relayRead(core, work, frame);
  answerWork(core, work, frame);
}

/** A node that was asked did not answer in time: whether it acted is not known. */
export function onHandOnExpired(core: Core, number: bigint): Done {
  const work = core.handedOn.remove(number);
  if (work !== undefined) refuseRouted(core, work, statusCode.transientNotCommitted);
}

function refuseRouted(core: Core, work: PartitionWork, status: number): Done {
  const isRead = work.operation === Operation.NonReplicated;
  const refuse = isRead ? refuseRead : refuseWork;
  refuse(core, work, status);
}

function parseRouted(core: Core, frame: Uint8Array): PartitionWork | undefined {
  if (frame.length < headerSize || frameView.size(frame) !== frame.length) return undefined;
  const replica = frameView.replica(frame);
  if (replica >= core.config.nodeCount) return undefined;
  const operation = routedRequestView.operation(frame);
  if (operation !== Operation.NonReplicated && !isPartitionOperation(operation)) return undefined;
  const transportId = routedRequestView.client(frame);
  const group = routedRequestView.group(frame);
  const session = requestSession(frame);
  if (transportId === 0n || group < 0 || session <= 0) return undefined;
  const isAutoCommit = transportId === autoCommitClient;
  const waiter: PartitionWaiter = isAutoCommit ? { kind: 'nobody' } : { kind: 'replica', replica };
  const userId = routedRequestView.userId(frame);
  const body = requestBody(frame);
  const withoutAck = isWithoutAck(operation, body);
  return { waiter, frame, transportId, operation, session, userId, group, body, withoutAck };
}
