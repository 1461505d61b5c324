import { getU32, getU128 } from '../../base/index.js';
import { isWireError, type WireError } from '../errors.js';
import { ServerError, serverErrorByCode } from '../errors-table.js';
import { Command } from './command.js';
import { type EvictionReason, evictionErrorCode } from './eviction-reason.js';
import { decodeHeader } from './frame.js';
import { invalidCommand } from './header-errors.js';
import { evictionHeader, genericHeader, headerSize, type ReplyHeader } from './headers/index.js';
import { isOperation, isResultFramed, Operation } from './operation.js';
import { decodeResult } from './result-section.js';
import { frameView, replyView } from './views.js';

/** What a frame from a server means to a client. */
export type ReplyOutcome =
  /** Done. `payload` is what the command answers with, without result section. */
  | { readonly kind: 'ok'; readonly header: ReplyHeader; readonly payload: Uint8Array }
  /** Refused before replication. */
  | { readonly kind: 'status'; readonly request: bigint; readonly code: number }
  /** Refused by the metadata plane, by the login, or by the committed operation itself. */
  | { readonly kind: 'result'; readonly header: ReplyHeader; readonly code: number }
  /** The session is over. Do not compare `client`: it may be an id this client never chose. */
  | {
      readonly kind: 'eviction';
      /** As on the wire; not necessarily a defined reason. */
      readonly reason: EvictionReason | number;
      readonly code: number;
      readonly client: bigint;
      /** The accepted protocol versions, packed, on IncompatibleProtocol. */
      readonly window: { readonly min: number; readonly max: number };
    }
  /** Not an answer that makes sense. */
  | { readonly kind: 'malformed'; readonly code: number; readonly error: WireError };

const at = genericHeader.offsetOf;

/**
 * Reads a whole frame from a server in the order of the protocol. Never throws: bytes that make
 * no sense are `malformed`, with the error code a client reports for them.
 * @source Iggy consensus protocol, reply decoding
 */
export function decodeReply(bytes: Uint8Array): ReplyOutcome {
  if (bytes.length < headerSize) {
    const reason = `an answer has at least ${headerSize} bytes, not ${bytes.length}`;
    const error = invalidCommand(reason, Command.Reply, Command.Reserved);
    return { kind: 'malformed', code: ServerError.EmptyResponse, error };
  }
  const command = frameView.command(bytes);
  if (command === Command.Eviction) return evictionOutcome(bytes);
  if (command !== Command.Reply) {
    return malformed(invalidCommand('neither reply nor eviction', Command.Reply, command));
  }
  const size = getU32(bytes, at.size);
  if (size < headerSize || size > bytes.length) {
    return malformed(invalidCommand(`size ${size} is impossible`, Command.Reply, command));
  }
  const status = replyView.status(bytes);
  if (status !== 0) {
    const code = serverErrorByCode(status) === undefined ? ServerError.Error : status;
    return { kind: 'status', request: replyView.request(bytes), code };
  }
  const operation = replyView.operation(bytes);
  if (!isOperation(operation)) {
    return malformed(invalidCommand(`no operation is ${operation}`, Command.Reply, command));
  }
  return bodyOutcome(bytes, operation, bytes.subarray(headerSize, size));
}

function bodyOutcome(bytes: Uint8Array, operation: Operation, body: Uint8Array): ReplyOutcome {
  const header = decodeHeader('Reply', bytes);
  // The operation of the reply decides, which may differ from that of the request.
  const framed = isResultFramed(operation) || (operation === Operation.Register && body.length > 0);
  if (!framed) return { kind: 'ok', header, payload: body };
  try {
    const result = decodeResult(body);
    return result.ok
      ? { kind: 'ok', header, payload: result.payload }
      : { kind: 'result', header, code: result.code };
  } catch (error) {
    if (isWireError(error)) return malformed(error);
    throw error;
  }
}

function evictionOutcome(bytes: Uint8Array): ReplyOutcome {
  const { offsetOf } = evictionHeader;
  const reason = bytes[offsetOf.reason] ?? 0;
  const max = getU32(bytes, offsetOf.serverProtocolVersion);
  const min = getU32(bytes, offsetOf.serverProtocolVersionMin);
  const window = { min, max };
  const client = getU128(bytes, offsetOf.client);
  return { kind: 'eviction', reason, code: evictionErrorCode(reason, window), client, window };
}

function malformed(error: WireError): ReplyOutcome {
  return { kind: 'malformed', code: ServerError.InvalidCommand, error };
}
