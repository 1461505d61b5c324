import { emptyBytes, getU32, getU64 } from '../../base/index.js';
import type { ProposalOutcome } from '../../consensus/index.js';
import { answer } from '../core/answer.js';
import type { Core } from '../core/core.js';
import type { Done } from '../core/done.js';
import { refusalCode } from '../core/refusal.js';
import { denial, partitionReply } from '../core/reply-frames.js';
import { requestAt } from '../core/request-header.js';
import type { PartitionView } from '../partition-view.js';
import type { PartitionWork } from './partition-work.js';

/** A result section without entries: success without payload. */
const okBody: Uint8Array = new Uint8Array(4);

/** Puts a request to the local replica of its group. */
export function proposeToPartition(core: Core, work: PartitionWork): Done {
  const { frame, group, waiter } = work;
  const token = core.nextToken();
  core.pending.set(token, { kind: 'partition', work });
  const request = getU64(frame, requestAt.request);
  core.out.push({
    kind: 'propose-partition',
    group,
    proposal: {
      token,
      source: 'client',
      operation: work.operation,
      client: work.transportId,
      session: work.session,
      request: request === 0n ? 1n : request,
      requestChecksum: getU64(frame, requestAt.checksum),
      release: getU32(frame, requestAt.release),
      userId: work.userId,
      body: work.body,
      // Its client polls the node it is connected to.
      ...(waiter.kind === 'replica' && { isUrgent: true }),
    },
  });
}

/** An offset operation that wants no acknowledgement by others is applied here and answered. */
export function applyWithoutAck(core: Core, work: PartitionWork, partition: PartitionView): Done {
  const status = partition.applyLocally(work.operation, work.body);
  if (status !== 0) return refuseWork(core, work, status);
  const commit = partition.status.commitMax;
  answerWork(core, work, ownReply(core, work, partition, { op: commit, status: 0, body: okBody }));
}

/** The group decided. */
export function onPartitionDecided(
  core: Core,
  work: PartitionWork,
  outcome: ProposalOutcome,
): Done {
  const isReply = outcome.kind === 'committed' || outcome.kind === 'duplicate';
  if (isReply) return answerWork(core, work, outcome.reply);
  refuseWork(core, work, refusalCode(outcome));
}

/** Refused by the group, with its own position; a group that is gone has none. */
export function refuseWork(core: Core, work: PartitionWork, status: number): Done {
  const partition = core.deps.partitions.find(work.group);
  const { frame, transportId } = work;
  const reply =
    partition === undefined
      ? denial(frame, { transportId, commit: 0, status })
      : ownReply(core, work, partition, { op: 0, status, body: emptyBytes });
  answerWork(core, work, reply);
}

export function answerWork(core: Core, work: PartitionWork, frame: Uint8Array): Done {
  const { waiter } = work;
  switch (waiter.kind) {
    case 'request':
      return answer(core, waiter.request, frame);
    case 'replica':
      core.out.push({ kind: 'forward', replica: waiter.replica, frame });
      return;
    case 'nobody':
  }
}

function ownReply(
  core: Core,
  work: PartitionWork,
  partition: PartitionView,
  from: { readonly op: number; readonly status: number; readonly body: Uint8Array },
): Uint8Array {
  const { view, commitMax: commit } = partition.status;
  const { cluster, node: replica } = core.config;
  const { transportId } = work;
  return partitionReply(work.frame, { transportId, cluster, view, replica, commit, ...from });
}
