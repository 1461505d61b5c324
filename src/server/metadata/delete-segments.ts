import {
  commands,
  encode,
  Operation,
  partitionGroupNumber,
  truncatePartition,
} from '../../wire/index.js';
import { deny, reject } from '../core/answer.js';
import type { Binding } from '../core/connection.js';
import type { Core } from '../core/core.js';
import { decodeBody } from '../core/decode-body.js';
import type { Done } from '../core/done.js';
import type { Request } from '../core/request.js';
import { requestBody } from '../core/request-header.js';
import { statusCode } from '../core/status-codes.js';
import { proposeMetadata } from './propose-metadata.js';

/**
 * The count of segments becomes an offset here and is replicated as the client's own request, so
 * that it is recognised when it is sent again. A target that does not exist is replicated with
 * offset 0, which makes the commit answer what is missing.
 *
 * @source Iggy session protocol, delete segments
 */
export function beginDeleteSegments(core: Core, request: Request, binding: Binding): Done {
  const asked = decodeBody(commands.delete_segments, requestBody(request.frame));
  if (asked === undefined) return deny(core, request, statusCode.invalidCommand);
  const { stream_id, topic_id, partition_id } = asked;
  const view = core.deps.metadata.topic(stream_id, topic_id);
  let offset: number | undefined = 0;
  if (view?.partitions.includes(partition_id) === true) {
    const group = partitionGroupNumber(view.stream, view.topic, partition_id);
    offset = core.deps.partitions.find(group)?.truncationOffset(asked.segments_count);
  }
  if (offset === undefined) {
    return reject(core, request, statusCode.transientNotAccepted, Operation.TruncatePartition);
  }
  const value = { stream_id, topic_id, partition_id, up_to_offset: BigInt(offset) };
  const body = encode(truncatePartition, value);
  proposeMetadata(core, request, binding, { operation: Operation.TruncatePartition, body });
}
