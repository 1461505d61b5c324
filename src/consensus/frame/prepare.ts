import {
  emptyBytes,
  getU32,
  getU64,
  getU64Number,
  getU128,
  isZeroBytes,
  setU32,
  setU64,
  setU64Number,
  setU128,
} from '../../base/index.js';
import {
  Command,
  isOperation,
  sealPrepareIdentity,
  verifyPrepareBody,
  verifyPrepareIdentity,
  writeChecksum,
} from '../../wire/index.js';
import type { CommittedEntry } from '../state-machine.js';
import { headerSize, prefixEnd, prepareAt } from './layout.js';

/** Everything that goes into a prepare besides the frame's constants. */
export interface PrepareFields {
  readonly client: bigint;
  readonly parent: bigint;
  readonly requestChecksum: bigint;
  readonly release: number;
  readonly op: number;
  readonly commit: number;
  readonly timestamp: number;
  readonly request: bigint;
  readonly operation: number;
  readonly userId: number;
  readonly body: Uint8Array;
  /** Checksum of the body when it is not its hash; zero-extended. */
  readonly bodyChecksum: bigint | undefined;
}

export function prepareOp(frame: Uint8Array): number {
  return getU64Number(frame, prepareAt.op);
}

export function prepareCommit(frame: Uint8Array): number {
  return getU64Number(frame, prepareAt.commit);
}

export function prepareTimestamp(frame: Uint8Array): number {
  return getU64Number(frame, prepareAt.timestamp);
}

export function prepareView(frame: Uint8Array): number {
  return getU32(frame, prepareAt.view);
}

/** The replica that built the prepare; a retransmission does not change it. */
export function prepareBuilder(frame: Uint8Array): number {
  return frame[prepareAt.replica] ?? 0;
}

export function prepareChecksum(frame: Uint8Array): bigint {
  return getU64(frame, prepareAt.checksum);
}

export function prepareParent(frame: Uint8Array): bigint {
  return getU64(frame, prepareAt.parent);
}

export function prepareOperation(frame: Uint8Array): number {
  return frame[prepareAt.operation] ?? 0;
}

export function prepareClient(frame: Uint8Array): bigint {
  return getU128(frame, prepareAt.client);
}

export function prepareRequest(frame: Uint8Array): bigint {
  return getU64(frame, prepareAt.request);
}

export function prepareRequestChecksum(frame: Uint8Array): bigint {
  return getU128(frame, prepareAt.requestChecksum);
}

/** The bare header of a prepare, in an array of its own. */
export function prepareHeaderOf(frame: Uint8Array): Uint8Array {
  return frame.slice(0, headerSize);
}

/** What the state machine sees of a prepare; `body` aliases the frame. */
export function committedEntryOf(frame: Uint8Array): CommittedEntry {
  return {
    op: prepareOp(frame),
    operation: prepareOperation(frame),
    client: prepareClient(frame),
    userId: getU32(frame, prepareAt.userId),
    request: prepareRequest(frame),
    timestamp: prepareTimestamp(frame),
    body: frame.length === headerSize ? emptyBytes : frame.subarray(headerSize),
  };
}

/** Whether the body is where it belongs; one buffer may hold frames that have nothing in common. */
function isInPlace(frame: Uint8Array, body: Uint8Array): boolean {
  return body.buffer === frame.buffer && body.byteOffset === frame.byteOffset + headerSize;
}

/** Fills and seals a prepare whose constants (cluster, builder, group, size, view) are there. */
export function fillPrepare(frame: Uint8Array, fields: PrepareFields): Uint8Array {
  if (!isInPlace(frame, fields.body)) frame.set(fields.body, headerSize);
  setU128(frame, prepareAt.client, fields.client);
  setU32(frame, prepareAt.release, fields.release);
  setU64(frame, prepareAt.parent, fields.parent);
  setU128(frame, prepareAt.requestChecksum, fields.requestChecksum);
  setU64Number(frame, prepareAt.op, fields.op);
  setU64Number(frame, prepareAt.commit, fields.commit);
  setU64Number(frame, prepareAt.timestamp, fields.timestamp);
  setU64(frame, prepareAt.request, fields.request);
  frame[prepareAt.operation] = fields.operation;
  setU32(frame, prepareAt.userId, fields.userId);
  if (fields.bodyChecksum === undefined) {
    writeChecksum(frame, prepareAt.checksumBody, frame, headerSize, frame.length);
  } else {
    setU64(frame, prepareAt.checksumBody, fields.bodyChecksum);
  }
  sealPrepareIdentity(frame);
  return frame;
}

/** A stored prepare as it is sent in `view`; the same array when nothing changes. */
export function withView(frame: Uint8Array, view: number): Uint8Array {
  if (prepareView(frame) === view) return frame;
  const copy = frame.slice();
  setU32(copy, prepareAt.view, view);
  return copy;
}

/** A stored prepare under the other of the two commands it travels with. */
export function withCommand(frame: Uint8Array, command: number): Uint8Array {
  const copy = frame.slice();
  copy[prepareAt.command] = command;
  return copy;
}

/** Why a prepare header cannot be one of ours, or `undefined`. */
export function prepareHeaderFault(header: Uint8Array): string | undefined {
  if (header[prepareAt.command] !== Command.Prepare) return 'command';
  if (!isZeroBytes(header, prepareAt.reservedFrame, prefixEnd)) return 'reserved_frame';
  if (!isZeroBytes(header, prepareAt.reserved, headerSize)) return 'reserved';
  if (!isZeroBytes(header, prepareAt.operationPadding, prepareAt.group)) return 'padding';
  const operation = prepareOperation(header);
  if (operation === 0 || !isOperation(operation)) return 'operation';
  return isInRange(header) ? undefined : 'range';
}

/** Recomputes identity and body checksum; zero is not a valid value of either here. */
export function isPrepareIntact(frame: Uint8Array): boolean {
  return verifyPrepareIdentity(frame) === 'valid' && verifyPrepareBody(frame) === 'valid';
}

/** Low half of `checksum_body`; the upper half of a valid one is zero. */
export function bodyChecksumOf(frame: Uint8Array): bigint {
  return getU64(frame, prepareAt.checksumBody);
}

/** Op, commit and timestamp fit a number, and the op is not 0. */
function isInRange(header: Uint8Array): boolean {
  return (
    getU32(header, prepareAt.op + 4) <= 0x1f_ffff &&
    getU32(header, prepareAt.commit + 4) <= 0x1f_ffff &&
    getU32(header, prepareAt.timestamp + 4) <= 0x1f_ffff &&
    prepareOp(header) > 0
  );
}
