import { compareU64, getU32, isZeroBytes } from '../../base/index.js';
import type { WireError } from '../errors.js';
import { Command } from './command.js';
import { EvictionReason } from './eviction-reason.js';
import { invalidField, invalidSize } from './header-errors.js';
import * as headers from './headers/index.js';
import { headerSize } from './headers/index.js';
import type { FrameKind } from './kinds.js';
import { Operation } from './operation.js';
import { doViewChangeView, requestView } from './views.js';

/** How strictly headers are judged. */
export interface ValidationOptions {
  /**
   * Judge as official nodes do: what only our nodes send on replica links is refused. Without it
   * our extensions are accepted, and everything else is judged alike.
   */
  readonly official?: boolean;
}

/** What is wrong with a header, or nothing. The 256 bytes are there. */
type Rules = (bytes: Uint8Array, options: ValidationOptions) => WireError | undefined;

const prefixAt = headers.genericHeader.offsetOf;

/** Most headers that the body of a view-change frame may hold. */
export const suffixMax = 128;

const isZero = (bytes: Uint8Array, from: number, size: number): boolean =>
  isZeroBytes(bytes, from, from + size);

const sizeOf = (bytes: Uint8Array): number => getU32(bytes, prefixAt.size);

function headerOnly(bytes: Uint8Array, kind?: string): WireError | undefined {
  const size = sizeOf(bytes);
  return size === headerSize ? undefined : invalidSize(headerSize, size, kind);
}

const noRelease: Rules = (bytes) =>
  getU32(bytes, prefixAt.release) === 0 ? undefined : invalidField('release must be 0');

function request(bytes: Uint8Array): WireError | undefined {
  const at = headers.requestHeader.offsetOf;
  if (isZero(bytes, at.client, 16)) return invalidField('client must not be 0');
  const operation = requestView.operation(bytes);
  if (operation === Operation.Reserved) return invalidField('operation must not be Reserved');
  const noSession = isZero(bytes, at.session, 8);
  const noRequest = isZero(bytes, at.request, 8);
  if (operation === Operation.Register) {
    if (!noSession) return invalidField('a Register request must have session 0');
    if (!noRequest) return invalidField('a Register request must have request 0');
  } else if (operation !== Operation.NonReplicated) {
    if (noSession) return invalidField('session must be greater than 0');
    if (noRequest) return invalidField('request must be greater than 0');
  }
  return undefined;
}

function eviction(bytes: Uint8Array): WireError | undefined {
  const at = headers.evictionHeader.offsetOf;
  const wrongSize = headerOnly(bytes);
  if (wrongSize !== undefined) return wrongSize;
  if (isZero(bytes, at.client, 16)) return invalidField('client must not be 0');
  if (!isZero(bytes, at.reservedFrame, 66)) return invalidField('reserved_frame must be zero');
  if (!isZero(bytes, at.reserved, 103)) return invalidField('reserved must be zero');
  const reason = bytes[at.reason];
  if (reason === EvictionReason.Reserved) return invalidField('reason must not be Reserved');
  const max = getU32(bytes, at.serverProtocolVersion);
  const min = getU32(bytes, at.serverProtocolVersionMin);
  if (reason !== EvictionReason.IncompatibleProtocol) {
    return max === 0 && min === 0
      ? undefined
      : invalidField('only IncompatibleProtocol may have a version window');
  }
  return min >= 1 && max >= min ? undefined : invalidField('the version window is degenerate');
}

function prepare(bytes: Uint8Array): WireError | undefined {
  const at = headers.prepareHeader.offsetOf;
  if (!isZero(bytes, at.reservedFrame, 66)) return invalidField('reserved_frame must be zero');
  return isZero(bytes, at.reserved, 28) ? undefined : invalidField('reserved must be zero');
}

function suffixSize(bytes: Uint8Array): WireError | undefined {
  const body = sizeOf(bytes) - headerSize;
  if (body < 0 || body % headerSize !== 0) {
    return invalidField('the body must be a whole number of prepare headers');
  }
  return body / headerSize <= suffixMax
    ? undefined
    : invalidField(`the body has more than ${suffixMax} prepare headers`);
}

function doViewChange(bytes: Uint8Array, options: ValidationOptions): WireError | undefined {
  const at = headers.doViewChangeHeader.offsetOf;
  const early = noRelease(bytes, options);
  if (early !== undefined) return early;
  if (getU32(bytes, at.logView) > getU32(bytes, at.view)) {
    return invalidField('log_view must not be above view');
  }
  if (compareU64(bytes, at.commit, at.op) > 0) return invalidField('commit must not be above op');
  const wrongSize = suffixSize(bytes);
  if (wrongSize !== undefined) return wrongSize;
  const beyond = bitsetBeyondSuffix(bytes);
  return beyond ? invalidField('a bitset has bits beyond the suffix') : undefined;
}

/** True when a bitset of a DoViewChange speaks about entries that are not in its body. */
export function bitsetBeyondSuffix(bytes: Uint8Array): boolean {
  const entries = (sizeOf(bytes) - headerSize) / headerSize;
  // With 128 entries every bit means something, and shifting leaves nothing.
  const bits = doViewChangeView.nackBitset(bytes) | doViewChangeView.presentBitset(bytes);
  return bits >> BigInt(entries) !== 0n;
}

function startView(bytes: Uint8Array, options: ValidationOptions): WireError | undefined {
  const at = headers.startViewHeader.offsetOf;
  const early = noRelease(bytes, options);
  if (early !== undefined) return early;
  if (compareU64(bytes, at.commit, at.op) > 0) return invalidField('commit must not be above op');
  return suffixSize(bytes);
}

function requestPrepares(bytes: Uint8Array): WireError | undefined {
  const at = headers.requestPreparesHeader.offsetOf;
  const ordered = !isZero(bytes, at.fromOp, 8) && compareU64(bytes, at.fromOp, at.toOp) <= 0;
  return ordered ? undefined : invalidField('ops must satisfy 1 <= from_op <= to_op');
}

function stateTransferTarget(bytes: Uint8Array): WireError | undefined {
  const at = headers.stateTransferTargetHeader.offsetOf;
  const available = bytes[at.available] ?? 0;
  const transient = bytes[at.unavailableTransient] ?? 0;
  if (available > 1) return invalidField('available must be 0 or 1');
  if (transient > 1) return invalidField('unavailable_transient must be 0 or 1');
  if (available === 1 && transient === 1) {
    return invalidField('an offer cannot be unavailable_transient');
  }
  return available === 0 && sizeOf(bytes) !== headerSize
    ? invalidField('a refusal must have no body')
    : undefined;
}

function requestStateChunk(bytes: Uint8Array): WireError | undefined {
  const at = headers.requestStateChunkHeader.offsetOf;
  return getU32(bytes, at.len) === 0 ? invalidField('len must not be 0') : headerOnly(bytes);
}

/** Rules 2 to 5 of the four forward frames. */
function forward(
  bytes: Uint8Array,
  at: { readonly client: number; readonly nonce: number },
  zeroFrom: number,
  zeroTo: number,
): WireError | undefined {
  const wrongSize = headerOnly(bytes);
  if (wrongSize !== undefined) return wrongSize;
  if (isZero(bytes, at.client, 16)) return invalidField('client must not be 0');
  if (isZero(bytes, at.nonce, 16)) return invalidField('nonce must not be 0');
  return isZeroBytes(bytes, zeroFrom, zeroTo) ? undefined : invalidField('reserved must be zero');
}

function forwardRegister(bytes: Uint8Array): WireError | undefined {
  const at = headers.forwardRegisterHeader.offsetOf;
  return forward(bytes, at, at.reserved, headerSize);
}

function forwardRegisterResult(
  bytes: Uint8Array,
  { official = false }: ValidationOptions,
): WireError | undefined {
  const at = headers.forwardRegisterResultHeader.offsetOf;
  const early = forward(bytes, at, official ? at.origin : at.reserved, at.outcome);
  if (early !== undefined) return early;
  const failed = bytes[at.outcome] !== 0;
  return failed && !isZeroBytes(bytes, at.epoch, at.reserved)
    ? invalidField('a failure must have neither epoch nor watermark nor origin')
    : undefined;
}

function forwardLogout(bytes: Uint8Array): WireError | undefined {
  const at = headers.forwardLogoutHeader.offsetOf;
  const early = forward(bytes, at, at.reserved, headerSize);
  if (early !== undefined) return early;
  if (isZero(bytes, at.session, 8)) return invalidField('session must not be 0');
  return isZero(bytes, at.request, 8) ? invalidField('request must not be 0') : undefined;
}

function forwardLogoutResult(bytes: Uint8Array): WireError | undefined {
  const at = headers.forwardLogoutResultHeader.offsetOf;
  const early = forward(bytes, at, at.reserved, at.outcome);
  if (early !== undefined) return early;
  return bytes[at.outcome] !== 0 && !isZero(bytes, at.commit, 8)
    ? invalidField('a failure must have no commit')
    : undefined;
}

function heartbeatAnswer(bytes: Uint8Array, options: ValidationOptions): WireError | undefined {
  return headerOnly(bytes) ?? noRelease(bytes, options);
}

const nothing: Rules = () => undefined;

/**
 * The rules of each header after the check of its command, in the order in which they are judged;
 * the first that is broken is reported.
 * @source Iggy consensus protocol, header validation
 */
export const headerRules: Readonly<Record<FrameKind, Rules>> = {
  Request: request,
  RoutedRequest: request,
  Reply: nothing,
  Eviction: eviction,
  Prepare: prepare,
  RepairPrepare: prepare,
  PrepareOk: nothing,
  Commit: (bytes) => headerOnly(bytes, 'CommitInvalidSize'),
  HeartbeatAnswer: heartbeatAnswer,
  StartViewChange: noRelease,
  DoViewChange: doViewChange,
  StartView: startView,
  RequestStartView: noRelease,
  RequestPrepares: requestPrepares,
  RepairRangeReply: nothing,
  RequestStateTransfer: (bytes) => headerOnly(bytes),
  StateTransferTarget: stateTransferTarget,
  RequestStateChunk: requestStateChunk,
  StateChunk: (bytes) =>
    sizeOf(bytes) >= headerSize ? undefined : invalidField(`size must be at least ${headerSize}`),
  ForwardRegister: forwardRegister,
  ForwardRegisterResult: forwardRegisterResult,
  ForwardLogout: forwardLogout,
  ForwardLogoutResult: forwardLogoutResult,
  ReplicaHello: nothing,
  ReplicaChallenge: nothing,
  ReplicaFinish: nothing,
  PingPong: nothing,
};

/** The kind under which a wrong command is reported. */
export function commandErrorKind(kind: FrameKind): string {
  if (kind === 'Reply') return 'ReplyInvalidCommand';
  return kind === 'Commit' ? 'CommitInvalidCommand' : 'InvalidCommand';
}

export const firstCommandOf = (commands: readonly Command[]): Command =>
  commands[0] ?? Command.Reserved;
