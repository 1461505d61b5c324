import { equalRange, getU32, isZeroBytes, setU32 } from '../../base/index.js';
import { matchesChecksum, writeChecksum, xxh3 } from '../checksum/index.js';
import { invalid, WireError } from '../errors.js';
import { Command, commandName } from './command.js';
import { METADATA_GROUP_NUMBER } from './group.js';
import { genericHeader, headerSize } from './headers/index.js';
import { Operation } from './operation.js';
import { frameView, prepareView } from './views.js';

const at = genericHeader.offsetOf;
const sealStart = 16;
const checksumSize = 16;
const batchChecksumAt = 40;

/** Writes the seal of a control frame; the last step, after body and every other field. */
export function sealFrame(frame: Uint8Array): void {
  writeChecksum(frame, at.checksum, frame, sealStart, headerSize);
}

/** True when the seal matches. A zero checksum is a mismatch like any other wrong value. */
export function verifySeal(frame: Uint8Array): boolean {
  return matchesChecksum(frame, at.checksum, frame, sealStart, headerSize);
}

/** The failure of a seal, with both values. */
export function sealError(frame: Uint8Array): WireError {
  const command = frameView.command(frame);
  const expected = xxh3(frame, sealStart, headerSize);
  const found = frameView.checksum(frame);
  return new WireError(
    'WIRE_CHECKSUM_FRAME',
    `the seal of this ${commandName(command)} does not match its header`,
    { kind: 'FrameChecksumMismatch', command, expected, found },
  );
}

/** What a checksum field says about the bytes it covers. */
export type ChecksumVerdict = 'valid' | 'unsealed' | 'mismatch';

// Identity hashes all 256 bytes with two fields zeroed. The copy is reused: hashing is synchronous
// and nothing else sees it.
const scratch = new Uint8Array(headerSize);

function prepareIdentityInput(bytes: Uint8Array, start: number): Uint8Array {
  scratch.set(bytes.subarray(start + sealStart, start + headerSize), sealStart);
  setU32(scratch, at.view, 0);
  // A repaired prepare was sealed while it still was a prepare.
  if (scratch[at.command] === Command.RepairPrepare) scratch[at.command] = Command.Prepare;
  return scratch;
}

/** Writes the identity of the prepare header at `start`; every other field is final. */
export function sealPrepareIdentity(bytes: Uint8Array, start = 0): void {
  const input = prepareIdentityInput(bytes, start);
  writeChecksum(bytes, start + at.checksum, input, 0, headerSize);
}

/** Checks the identity of the prepare or repaired prepare at `start`; the view is not part of it. */
export function verifyPrepareIdentity(bytes: Uint8Array, start = 0): ChecksumVerdict {
  const checksumAt = start + at.checksum;
  if (isZeroBytes(bytes, checksumAt, checksumAt + checksumSize)) return 'unsealed';
  const input = prepareIdentityInput(bytes, start);
  return matchesChecksum(bytes, checksumAt, input, 0, headerSize) ? 'valid' : 'mismatch';
}

/** Whether `checksum_body` repeats the batch checksum instead of hashing the body. */
function carriesBatch(frame: Uint8Array): boolean {
  return (
    prepareView.operation(frame) === Operation.SendMessages &&
    prepareView.group(frame) !== METADATA_GROUP_NUMBER
  );
}

/**
 * Seals a whole prepare frame: body checksum, then identity. A prepare that carries messages takes
 * over the checksum of its batch, which the caller has stamped; all others hash their body.
 * @throws WIRE_INVALID when a message prepare is too short for a batch
 */
export function sealPrepare(frame: Uint8Array): void {
  const size = getU32(frame, at.size);
  if (carriesBatch(frame)) {
    const from = headerSize + batchChecksumAt;
    if (size < 2 * headerSize) throw invalid('the body is too short for a batch', { size });
    frame.copyWithin(at.checksumBody, from, from + 8);
    frame.fill(0, at.checksumBody + 8, at.checksumBody + checksumSize);
  } else {
    writeChecksum(frame, at.checksumBody, frame, headerSize, size);
  }
  sealPrepareIdentity(frame);
}

/**
 * Checks the body checksum of a whole prepare frame. `unsealed` is what official nodes send on
 * partition groups. A batch is compared with its own checksum, whose check is the batch decoder's.
 */
export function verifyPrepareBody(frame: Uint8Array): ChecksumVerdict {
  const from = at.checksumBody;
  if (isZeroBytes(frame, from, from + checksumSize)) return 'unsealed';
  const size = getU32(frame, at.size);
  if (!carriesBatch(frame)) {
    return matchesChecksum(frame, from, frame, headerSize, size) ? 'valid' : 'mismatch';
  }
  const same =
    size >= 2 * headerSize &&
    isZeroBytes(frame, from + 8, from + checksumSize) &&
    equalRange(frame, from, frame, headerSize + batchChecksumAt, 8);
  return same ? 'valid' : 'mismatch';
}

/** Writes `checksum_body` of a view-change frame: the hash of its suffix, 0 without one. */
export function sealSuffixBody(frame: Uint8Array): void {
  const size = getU32(frame, at.size);
  if (size > headerSize) writeChecksum(frame, at.checksumBody, frame, headerSize, size);
  else frame.fill(0, at.checksumBody, at.checksumBody + checksumSize);
}

/** Checks `checksum_body` of a view-change frame; without a body the field is not looked at. */
export function verifySuffixBody(frame: Uint8Array): boolean {
  const size = getU32(frame, at.size);
  return size <= headerSize || matchesChecksum(frame, at.checksumBody, frame, headerSize, size);
}
