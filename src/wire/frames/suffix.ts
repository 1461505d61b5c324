import {
  compareU64,
  concatBytes,
  equalRange,
  getU64,
  isZeroBytes,
  setU64,
} from '../../base/index.js';
import { WireError } from '../errors.js';
import { Command } from './command.js';
import { headerSize, prepareHeader } from './headers/index.js';
import { isOperation, Operation } from './operation.js';
import { bitsetBeyondSuffix, suffixMax } from './rules.js';
import { verifyPrepareIdentity, verifySuffixBody } from './seal.js';
import { frameView } from './views.js';

const at = prepareHeader.offsetOf;

/** Which rule the body of a view-change frame breaks. */
export type SuffixFault =
  | 'BodyChecksum'
  | 'NotHeaderMultiple'
  | 'TooManyEntries'
  | 'BitsetBeyondSuffix'
  | 'MalformedHeader'
  | 'OpOutOfOrder'
  | 'ChecksumMismatch'
  | 'TimestampNotDecreasing'
  | 'ChainBreak';

/** One entry of a suffix: a prepare header, or the mark that the sender has none. */
export interface SuffixEntry {
  readonly op: bigint;
  /** True when only the op is known. */
  readonly blank: boolean;
  /** The 256 bytes of the prepare header, aliasing the frame. */
  readonly bytes: Uint8Array;
}

/** The entry that stands for an op whose prepare the sender does not hold. */
export function blankEntry(op: bigint): Uint8Array {
  const bytes = new Uint8Array(headerSize);
  bytes[at.command] = Command.Prepare;
  setU64(bytes, at.op, op);
  return bytes;
}

/** True when the header at `start` is blank: everything but command and op is zero. */
export function isBlankEntry(bytes: Uint8Array, start = 0): boolean {
  return (
    bytes[start + at.command] === Command.Prepare &&
    bytes[start + at.operation] === Operation.Reserved &&
    isZeroBytes(bytes, start, start + at.command) &&
    isZeroBytes(bytes, start + at.command + 1, start + at.op) &&
    isZeroBytes(bytes, start + at.op + 8, start + headerSize)
  );
}

/** The body of a view-change frame: headers from the head of the log downwards. */
export function suffixBody(headersFromHead: readonly Uint8Array[]): Uint8Array {
  for (const bytes of headersFromHead) {
    if (bytes.length !== headerSize) throw fault('NotHeaderMultiple', 0, 'an entry has 256 bytes');
  }
  if (headersFromHead.length > suffixMax) throw fault('TooManyEntries', 0, 'too many entries');
  return concatBytes(headersFromHead);
}

/**
 * Reads the suffix of a DoViewChange or StartView whose header has been checked, and judges it in
 * the order of the protocol: checksum of the body, number of entries, bitsets, each entry in turn
 * from the head downwards, then each pair. Any failure means that the frame is to be dropped.
 * @throws WIRE_CHECKSUM_BODY, WIRE_SUFFIX with `details.reason`
 */
export function readSuffix(frame: Uint8Array, headOp: bigint): readonly SuffixEntry[] {
  if (!verifySuffixBody(frame)) {
    throw new WireError('WIRE_CHECKSUM_BODY', 'the suffix does not match its checksum', {
      reason: 'BodyChecksum' satisfies SuffixFault,
    });
  }
  const size = frameView.size(frame) - headerSize;
  const count = Math.floor(size / headerSize);
  if (count * headerSize !== size) {
    throw fault('NotHeaderMultiple', 0, 'the body is no whole number of headers');
  }
  if (count > suffixMax) throw fault('TooManyEntries', 0, `more than ${suffixMax} entries`);
  if (frameView.command(frame) === Command.DoViewChange && bitsetBeyondSuffix(frame)) {
    throw fault('BitsetBeyondSuffix', 0, 'a bitset has bits beyond the suffix');
  }
  const entries: SuffixEntry[] = [];
  for (let index = 0; index < count; index++) {
    entries.push(readEntry(frame, index, headOp - BigInt(index)));
  }
  checkPairs(frame, entries);
  return entries;
}

function readEntry(frame: Uint8Array, index: number, expectedOp: bigint): SuffixEntry {
  const start = headerSize * (index + 1);
  const wellFormed =
    frame[start + at.command] === Command.Prepare &&
    isOperation(frame[start + at.operation] ?? 0) &&
    isZeroBytes(frame, start + at.reservedFrame, start + at.client) &&
    isZeroBytes(frame, start + at.reserved, start + headerSize);
  if (!wellFormed) throw fault('MalformedHeader', index, 'not a prepare header');
  const op = getU64(frame, start + at.op);
  if (op !== expectedOp) throw fault('OpOutOfOrder', index, `op ${op}, expected ${expectedOp}`);
  const blank = isBlankEntry(frame, start);
  if (!blank && verifyPrepareIdentity(frame, start) === 'mismatch') {
    throw fault('ChecksumMismatch', index, 'the header does not hash to its identity');
  }
  return { op, blank, bytes: frame.subarray(start, start + headerSize) };
}

/** Every entry that is not blank is compared with the nearest such entry above it. */
function checkPairs(frame: Uint8Array, entries: readonly SuffixEntry[]): void {
  let upper = -1;
  for (const [index, entry] of entries.entries()) {
    if (entry.blank) continue;
    if (upper >= 0) checkPair(frame, upper, index);
    upper = index;
  }
}

function checkPair(frame: Uint8Array, upper: number, lower: number): void {
  const above = headerSize * (upper + 1);
  const below = headerSize * (lower + 1);
  if (compareU64(frame, below + at.timestamp, above + at.timestamp) >= 0) {
    throw fault('TimestampNotDecreasing', lower, 'not older than the entry above');
  }
  const sealed = !isZeroBytes(frame, below + at.checksum, below + at.checksum + 16);
  if (lower !== upper + 1 || !sealed) return;
  if (!equalRange(frame, above + at.parent, frame, below + at.checksum, 16)) {
    throw fault('ChainBreak', lower, 'not the parent of the entry above');
  }
}

function fault(reason: SuffixFault, index: number, text: string): WireError {
  return new WireError('WIRE_SUFFIX', `suffix entry ${index}: ${text}`, { reason, index });
}
