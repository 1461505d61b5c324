import { getU32 } from '../base/index.js';
import {
  Command,
  decodeResult,
  EvictionReason,
  evictionErrorCode,
  evictionReasonInfo,
  frameView,
  headerSize,
  isOperation,
  isResultFramed,
  isWireError,
  Operation,
  replyView,
} from '../wire/index.js';
import type { EvictedFailure } from './failure.js';

/** What a server said, before it is clear to which request. Payloads alias the frame. */
export type Answer =
  | { readonly kind: 'payload'; readonly payload: Uint8Array }
  | { readonly kind: 'code'; readonly code: number; readonly channel: 'status' | 'result' }
  | { readonly kind: 'evicted'; readonly failure: EvictedFailure }
  /** Not an answer of this protocol; the connection cannot go on. */
  | { readonly kind: 'malformed'; readonly reason: string };

/**
 * Reads one received frame in the order the protocol demands: eviction, status, operation, result
 * section. @source Iggy binary protocol, client decode order
 */
export function readAnswer(frame: Uint8Array): Answer {
  if (frame.length < headerSize) return malformed('a reply is shorter than its header');
  const command = frameView.command(frame);
  if (command === Command.Eviction) return { kind: 'evicted', failure: readEviction(frame) };
  if (command !== Command.Reply) return malformed(`a client does not expect command ${command}`);
  const status = replyView.status(frame);
  if (status !== 0) return { kind: 'code', code: status, channel: 'status' };
  const operation = replyView.operation(frame);
  if (!isOperation(operation)) return malformed(`${operation} is no operation`);
  const body = frame.subarray(headerSize);
  const framed = isResultFramed(operation) || (operation === Operation.Register && body.length > 0);
  return framed ? readResultSection(body) : { kind: 'payload', payload: body };
}

function readResultSection(body: Uint8Array): Answer {
  try {
    const result = decodeResult(body);
    return result.ok
      ? { kind: 'payload', payload: result.payload }
      : { kind: 'code', code: result.code, channel: 'result' };
  } catch (error) {
    if (isWireError(error)) return malformed(`result section: ${error.message}`);
    throw error;
  }
}

/**
 * A reason this client does not know counts as an invalid command: reading it as a lost session
 * would let a newer server drive the client in circles.
 */
function readEviction(frame: Uint8Array): EvictedFailure {
  const reason = frame[255] ?? 0;
  const window = { max: getU32(frame, 144), min: getU32(frame, 148) };
  const known = evictionReasonInfo(reason) !== undefined;
  const code = known ? evictionErrorCode(reason, window) : 3;
  return {
    kind: 'evicted',
    reason,
    code,
    ...(reason === EvictionReason.IncompatibleProtocol ? { window } : {}),
  };
}

function malformed(reason: string): Answer {
  return { kind: 'malformed', reason };
}

/** What a server of ours puts into the login reply; nothing from other servers. */
export function readEntry(
  frame: Uint8Array,
): { readonly watermark: bigint; readonly origin: bigint } | undefined {
  const context = replyView.context(frame);
  const low = context & 0xffff_ffff_ffff_ffffn;
  return low === 0n ? undefined : { watermark: low - 1n, origin: context >> 64n };
}

/** True when a reply with operation `answered` can belong to a request with `asked`. */
export function answersOperation(asked: number, answered: number): boolean {
  if (asked === answered) return true;
  switch (asked) {
    case Operation.CreateTopic:
      return answered === Operation.CreateTopicWithAssignments;
    case Operation.CreatePartitions:
      return answered === Operation.CreatePartitionsWithAssignments;
    case Operation.DeleteSegments:
      return answered === Operation.TruncatePartition;
    default:
      return false;
  }
}
