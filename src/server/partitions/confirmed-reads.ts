import { headerSize, replyView } from '../../wire/index.js';
import { abandon, denyRead } from '../core/answer.js';
import type { Binding } from '../core/connection.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import type { Request } from '../core/request.js';
import { requestBody, requestCode } from '../core/request-header.js';
import { statusCode } from '../core/status-codes.js';
import { liveBinding } from '../sessions/live-binding.js';
import { handOn } from './hand-on.js';
import { decodePartitionRead, encodePartitionRead, type PartitionRead } from './partition-read.js';
import {
  answerRead,
  answerResolved,
  performRead,
  readWork,
  refuseRead,
} from './partition-reads.js';
import type { PartitionWork } from './partition-work.js';
import { type ResolvedRead, resolveRead } from './resolve-partition-read.js';

/**
 * A linearizable read of a partition: a round of its group first, lookup and permission behind it.
 * They run once before as well, to learn which group that is. What does not lead to a partition is
 * told only behind a round of the metadata group, since this node may merely not know it yet.
 *
 * @source Iggy session protocol, linearizable reads
 */
export function beginConfirmedRead(
  core: Core,
  request: Request,
  binding: Binding,
  kind: PartitionRead['kind'],
): Done {
  const resolved = resolve(core, request, binding, kind);
  if (resolved.kind === 'read') {
    return confirmOrHandOn(core, readWork(request, binding, resolved.read), resolved.read);
  }
  const token = core.nextToken();
  core.reads.set(token, { kind: 'lookup', request, readKind: kind });
  core.out.push({ kind: 'confirm-read', token });
}

/** The metadata's round ended; a code other than 0 refuses. */
export function onLookupConfirmed(
  core: Core,
  from: {
    readonly request: Request;
    readonly readKind: PartitionRead['kind'];
    readonly refusal: number;
  },
): Done {
  const { request, readKind, refusal } = from;
  if (refusal !== 0) return denyRead(core, request, refusal);
  const binding = stillBound(core, request);
  if (binding === undefined) return;
  const resolved = resolve(core, request, binding, readKind);
  if (resolved.kind !== 'read') return answerResolved(core, request, resolved);
  confirmOrHandOn(core, readWork(request, binding, resolved.read), resolved.read);
}

/** Asks the local group for a confirmed read point. */
export function confirmPartitionRead(core: Core, work: PartitionWork, read: PartitionRead): Done {
  const token = core.nextToken();
  core.reads.set(token, { kind: 'partition', work, read });
  core.out.push({ kind: 'confirm-read', token, group: work.group });
}

/** The group's round ended; a code other than 0 refuses. */
export function onPartitionReadConfirmed(
  core: Core,
  from: { readonly work: PartitionWork; readonly read: PartitionRead; readonly refusal: number },
): Done {
  const { work, read, refusal } = from;
  if (refusal !== 0) return refuseRead(core, work, refusal);
  const { waiter } = work;
  if (waiter.kind === 'request') return performConfirmed(core, waiter.request, work, read);
  // What is missing here may be there where the client is, and that node tells what is right then.
  if (!isKnownHere(core, work, read)) {
    return refuseRead(core, work, statusCode.transientNotAccepted);
  }
  performServed(core, work, read);
}

/**
 * The answer of another node to a read that was handed to it, in the name of this one. What this
 * node learned meanwhile counts here too.
 */
export function relayRead(core: Core, work: PartitionWork, reply: Uint8Array): Done {
  const status = replyView.status(reply);
  const { waiter, frame, group, body } = work;
  if (status !== 0 || waiter.kind !== 'request') return refuseRead(core, work, status);
  const { request } = waiter;
  const handed = decodePartitionRead(requestCode(frame), group, body);
  if (handed === undefined) return refuseRead(core, work, statusCode.invalidCommand);
  const binding = stillBound(core, request);
  if (binding === undefined) return;
  const { kind } = handed;
  const resolved = resolve(core, request, binding, kind);
  if (resolved.kind === 'read' && resolved.read.place.group !== group) {
    return beginConfirmedRead(core, request, binding, kind);
  }
  // What a group's auto-commit has passed would otherwise reach nobody.
  const isTaken = resolved.kind === 'body' && kind === 'poll' && handed.query.autoCommit;
  if (resolved.kind !== 'read' && !isTaken) return answerResolved(core, request, resolved);
  answerRead(core, work, reply.subarray(headerSize));
}

/** Lookup and permission behind the round; names that lead elsewhere now need another round. */
function performConfirmed(
  core: Core,
  request: Request,
  work: PartitionWork,
  read: PartitionRead,
): Done {
  const binding = stillBound(core, request);
  if (binding === undefined) return;
  const resolved = resolve(core, request, binding, read.kind);
  if (resolved.kind !== 'read') return answerResolved(core, request, resolved);
  if (resolved.read.place.group !== work.group) {
    return beginConfirmedRead(core, request, binding, read.kind);
  }
  performServed(core, work, resolved.read);
}

/** A partition that is being taken down is not one without messages. */
function performServed(core: Core, work: PartitionWork, read: PartitionRead): Done {
  const isServed = core.deps.partitions.find(work.group) !== undefined;
  if (!isServed) return refuseRead(core, work, statusCode.transientNotAccepted);
  performRead(core, work, read);
}

function confirmOrHandOn(core: Core, work: PartitionWork, read: PartitionRead): Done {
  const partition = core.deps.partitions.find(work.group);
  if (partition === undefined) return refuseRead(core, work, statusCode.transientNotAccepted);
  if (partition.status.isActingPrimary) return confirmPartitionRead(core, work, read);
  const handed = { ...work, body: encodePartitionRead(read) };
  const refusal = handOn(core, handed, partition);
  if (refusal !== 0) refuseRead(core, work, refusal);
}

/**
 * As far as numbers tell: the partition, the group that reads it, and what the user may. One that
 * is not known here yet was admitted where its client is.
 */
function isKnownHere(core: Core, work: PartitionWork, read: PartitionRead): boolean {
  const { metadata } = core.deps;
  const { stream, topic, partition } = read.place;
  const view = metadata.topic(stream, topic);
  if (view?.partitions.includes(partition) !== true) return false;
  const isUserKnown = metadata.user(work.userId) !== undefined;
  if (isUserKnown && !metadata.isAllowed(work.userId, 'poll', view)) return false;
  const { consumerKind, consumer } = read.kind === 'poll' ? read.query : read;
  return consumerKind === 'consumer' || metadata.group(stream, topic, consumer) !== undefined;
}

function stillBound(core: Core, request: Request): Binding | undefined {
  if (!request.connection.gone) return liveBinding(core, request);
  abandon(request);
  return undefined;
}

function resolve(
  core: Core,
  request: Request,
  binding: Binding,
  kind: PartitionRead['kind'],
): ResolvedRead {
  return resolveRead(core, binding, kind, requestBody(request.frame));
}
