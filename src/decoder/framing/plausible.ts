import { getU32, isZeroBytes } from '../../base/index.js';
import {
  Command,
  evictionHeader,
  frameSpecs,
  genericHeader,
  headerSize,
  isCommand,
  isOperation,
  prepareHeader,
  replyHeader,
  requestHeader,
  verifyPrepareIdentity,
  verifySeal,
} from '../../wire/index.js';
import { largestFrame } from './family.js';

const at = genericHeader.offsetOf;
const requestAt = () => requestHeader.offsetOf;
const replyAt = () => replyHeader.offsetOf;
const prepareAt = () => prepareHeader.offsetOf;
const evictionAt = () => evictionHeader.offsetOf;
/** Commands whose frames may have something behind the header. */
const withBody: ReadonlySet<number> = new Set([
  ...[Command.Request, Command.Reply, Command.Prepare, Command.RepairPrepare],
  ...[Command.DoViewChange, Command.StartView, Command.StateTransferTarget, Command.StateChunk],
]);
const sealedCommands: ReadonlySet<number> = new Set(
  Object.values(frameSpecs)
    .filter((spec) => spec.sealed && !spec.extension)
    .flatMap((spec) => [...spec.commands]),
);

/** The declared length of the frame at `start`, whose first 52 bytes are there. */
export function declaredSize(bytes: Uint8Array, start: number): number {
  return getU32(bytes, start + at.size);
}

/** True for a length that a frame can have on a socket. */
export function isFrameSize(size: number): boolean {
  return size >= headerSize && size <= largestFrame;
}

/**
 * The signs of a consensus header that hold for every command: a possible size, a defined command
 * other than 0, and zeros where all headers have them. The 256 bytes are there.
 * @source Iggy consensus protocol, telling the families apart, step 1
 */
export function hasHeaderShape(bytes: Uint8Array, start: number): boolean {
  const command = bytes[start + at.command] ?? 0;
  return (
    command !== Command.Reserved &&
    isCommand(command) &&
    isFrameSize(declaredSize(bytes, start)) &&
    isZeroBytes(bytes, start + at.reservedFrame, start + 128)
  );
}

/** Like {@link hasHeaderShape} for a header of which only `length` bytes are there. */
export function mayBecomeHeader(bytes: Uint8Array, start: number, length: number): boolean {
  if (length >= headerSize) return hasHeaderShape(bytes, start);
  if (length > at.size + 3 && !isFrameSize(declaredSize(bytes, start))) return false;
  const command = bytes[start + at.command] ?? 0;
  if (length > at.command && (command === 0 || !isCommand(command))) return false;
  const zerosEnd = Math.min(length, 128);
  return (
    zerosEnd <= at.reservedFrame || isZeroBytes(bytes, start + at.reservedFrame, start + zerosEnd)
  );
}

/**
 * What raises the confidence that a header shape is a header: a seal or identity that holds, or
 * enum bytes and zeros in their places.
 * @source Iggy consensus protocol, telling the families apart, step 1
 */
export function isConvincing(bytes: Uint8Array, start: number, verify: boolean): boolean {
  if (getU32(bytes, start + at.release) !== 0) return false;
  const command = bytes[start + at.command] ?? 0;
  const header = bytes.subarray(start, start + headerSize);
  if (!withBody.has(command) && declaredSize(header, 0) !== headerSize) return false;
  if (command === Command.Request) {
    const zeros = isZeroBytes(header, requestAt().operationPadding, requestAt().session);
    return zeros && isOperation(header[requestAt().operation] ?? 0);
  }
  if (command === Command.Reply) {
    const zeros = isZeroBytes(header, replyAt().operationPadding, replyAt().status);
    return zeros && isOperation(header[replyAt().operation] ?? 0);
  }
  if (command === Command.Eviction) {
    const reason = header[evictionAt().reason] ?? 0;
    return reason >= 1 && reason <= 15;
  }
  if (command === Command.Prepare || command === Command.RepairPrepare) {
    if (!isOperation(header[prepareAt().operation] ?? 0)) return false;
    return !verify || verifyPrepareIdentity(header) !== 'mismatch';
  }
  return !sealedCommands.has(command) || !verify || verifySeal(header);
}

/**
 * The first place in `bytes[from..to)` where a convincing header begins and its 256 bytes are
 * there, or -1. Takes time proportional to the length: in zeros one byte is looked at for each
 * place, elsewhere the zeros that every header has are looked for first.
 */
export function findHeader(bytes: Uint8Array, from: number, to: number, verify: boolean): number {
  let start = from;
  while (true) {
    start = nextNonzero(bytes, start + at.command, to) - at.command;
    if (start + headerSize > to) return -1;
    const blocker = lastNonzero(bytes, start + at.reservedFrame, start + 128);
    if (blocker >= 0) start = blocker + 1 - at.reservedFrame;
    else if (hasHeaderShape(bytes, start) && isStrong(bytes, start, verify)) return start;
    else start += 1;
  }
}

/** The first place from `from` on, below `to`, that is not zero; `to` if there is none. */
function nextNonzero(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  while (at < to && bytes[at] === 0) at += 1;
  return at;
}

/** In the middle of anything, a client id that is zero is no header. */
function isStrong(bytes: Uint8Array, start: number, verify: boolean): boolean {
  if (!isConvincing(bytes, start, verify)) return false;
  const command = bytes[start + at.command] ?? 0;
  if (command === Command.Request) {
    return !isZeroBytes(bytes, start + requestAt().client, start + requestAt().client + 16);
  }
  return true;
}

function lastNonzero(bytes: Uint8Array, from: number, to: number): number {
  for (let i = to - 1; i >= from; i--) if (bytes[i] !== 0) return i;
  return -1;
}
