import {
  commands,
  encode,
  partitionGroupNumber,
  replicatedJoinConsumerGroup,
  replicatedLeaveConsumerGroup,
} from '../../wire/index.js';
import type { Binding } from '../core/connection.js';
import type { Core } from '../core/core.js';
import { decodeBody } from '../core/decode-body.js';
import type { Request } from '../core/request.js';
import { requestBody } from '../core/request-header.js';
import { statusCode } from '../core/status-codes.js';
import type { GroupView } from '../machine-view.js';
import type { Rewrite } from './tokens.js';

/** The member is the bound client; what is in flight is known here and must not be decided twice. */
export function rewriteJoin(core: Core, request: Request, binding: Binding): Rewrite {
  const asked = decodeBody(commands.join_consumer_group, requestBody(request.frame));
  if (asked === undefined) return { status: statusCode.invalidCommand };
  const group = core.deps.metadata.group(asked.stream_id, asked.topic_id, asked.group_id);
  const value = {
    client_id: binding.clientId,
    ...asked,
    in_flight: group === undefined ? [] : partitionsInFlight(core, group),
  };
  return { body: encode(replicatedJoinConsumerGroup, value) };
}

export function rewriteLeave(request: Request, binding: Binding): Rewrite {
  const asked = decodeBody(commands.leave_consumer_group, requestBody(request.frame));
  if (asked === undefined) return { status: statusCode.invalidCommand };
  const value = { client_id: binding.clientId, ...asked };
  return { body: encode(replicatedLeaveConsumerGroup, value) };
}

/**
 * Partitions whose owner was served messages it has not stored an offset for. What nobody owns was
 * polled by a member that is gone; its mark is erased.
 *
 * @source Iggy server, cooperative rebalancing
 */
function partitionsInFlight(core: Core, view: GroupView): number[] {
  const { stream, topic, group } = view;
  const inFlight: number[] = [];
  for (const partition of view.partitions) {
    const found = core.deps.partitions.find(partitionGroupNumber(stream, topic, partition));
    if (found === undefined) continue;
    const polled = found.lastPolled(group);
    if (polled < 0 || found.storedOffset('group', group) >= polled) continue;
    if (view.isOwned(partition)) inFlight.push(partition);
    else found.forgetPolled(group);
  }
  return inFlight;
}
