import { getU128, isZeroBytes } from '../../base/index.js';
import {
  type Codec,
  type FrameKind,
  frameSpecs,
  genericHeader,
  headerSize,
  isWireError,
  Operation,
  prepareView,
  readSendMessages,
  requestHeader,
  requestView,
  verifyBatch,
  verifyPrepareBody,
  verifyPrepareIdentity,
  verifySeal,
  verifySuffixBody,
  xxh3,
} from '../../wire/index.js';
import type { Check, Checks } from './frame-view.js';
import { isManifestIntact } from './manifest.js';

const at = genericHeader.offsetOf;
const ok: Check = { verdict: 'ok' };
const none: Check = { verdict: 'none' };
const unsealed: Check = { verdict: 'unsealed' };
const skipped: Check = { verdict: 'skipped' };
const nonzero: Check = { verdict: 'nonzero' };

interface Reserved {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

const reservedOf = new WeakMap<Codec<unknown>, readonly Reserved[]>();

/** The regions of a header that ought to be zero. */
function reservedRegions(codec: Codec<unknown>): readonly Reserved[] {
  let regions = reservedOf.get(codec);
  if (regions === undefined) {
    regions = findReserved(codec);
    reservedOf.set(codec, regions);
  }
  return regions;
}

function findReserved(codec: Codec<unknown>): readonly Reserved[] {
  if (codec.shape.kind !== 'struct') return [];
  const regions: Reserved[] = [];
  let start = 0;
  for (const field of codec.shape.fields) {
    const end = start + (field.codec.size ?? 0);
    if (field.codec.shape.kind === 'reserved') regions.push({ name: field.name, start, end });
    start = end;
  }
  return regions;
}

/** The regions of `bytes` that should be zero and are not. */
export function nonzeroReserved(codec: Codec<unknown>, bytes: Uint8Array): readonly Reserved[] {
  return reservedRegions(codec).filter(({ start, end }) => !isZeroBytes(bytes, start, end));
}

/** Checks with nothing to check, for frames without checksums. */
export const noChecks: Checks = {
  ...{ frame: none, body: none, reserved: none, batch: none, commit: none },
};

/** Compares every checksum that a whole consensus frame carries. */
export function checkConsensusFrame(
  kind: FrameKind,
  bytes: Uint8Array,
  options: {
    readonly verify: boolean;
    /** False when bytes are missing at the end. */
    readonly whole: boolean;
    /** Whether the seal holds, where that was found out already. */
    readonly sealHolds: boolean | undefined;
  },
): Checks {
  const { codec } = frameSpecs[kind];
  let reserved = ok;
  for (const { start, end } of reservedRegions(codec)) {
    if (!isZeroBytes(bytes, start, end)) reserved = nonzero;
  }
  if (!options.verify)
    return { frame: skipped, body: skipped, reserved, batch: none, commit: none };
  const frame = frameCheck(kind, bytes, options.sealHolds);
  if (!options.whole) return { frame, body: skipped, reserved, batch: none, commit: none };
  const batch = batchCheck(kind, bytes);
  return { frame, body: bodyCheck(kind, bytes), reserved, batch, commit: none };
}

function frameCheck(kind: FrameKind, bytes: Uint8Array, sealHolds: boolean | undefined): Check {
  if (kind === 'Prepare' || kind === 'RepairPrepare') {
    const verdict = verifyPrepareIdentity(bytes);
    if (verdict === 'valid') return ok;
    return verdict === 'unsealed' ? unsealed : mismatch(bytes, prepareIdentity(bytes), at.checksum);
  }
  if (!frameSpecs[kind].sealed) return unsealed;
  const holds = sealHolds ?? verifySeal(bytes);
  return holds ? ok : mismatch(bytes, xxh3(bytes, 16, headerSize), at.checksum);
}

function mismatch(bytes: Uint8Array, expected: bigint, offset: number): Check {
  return { verdict: 'mismatch', expected, found: getU128(bytes, offset) };
}

/** Only for showing what was expected; the verdict comes from the wire layer. */
function prepareIdentity(bytes: Uint8Array): bigint {
  const header = bytes.slice(0, headerSize);
  header.fill(0, at.checksum, at.checksum + 16);
  header.fill(0, at.view, at.view + 4);
  header[at.command] = 6;
  return xxh3(header);
}

function bodyCheck(kind: FrameKind, bytes: Uint8Array): Check {
  switch (kind) {
    case 'Request':
    case 'RoutedRequest':
      return stampCheck(bytes);
    case 'Prepare':
    case 'RepairPrepare':
      return prepareBodyCheck(bytes);
    case 'DoViewChange':
    case 'StartView':
      if (bytes.length === headerSize) return none;
      if (verifySuffixBody(bytes)) return ok;
      return mismatch(bytes, xxh3(bytes, headerSize), at.checksumBody);
    case 'StateTransferTarget':
      if (bytes.length === headerSize) return none;
      return isManifestIntact(bytes.subarray(headerSize)) ? ok : { verdict: 'mismatch' };
    default:
      return bytes.length === headerSize ? none : unsealed;
  }
}

/** What a client says its body hashes to. */
function stampCheck(bytes: Uint8Array): Check {
  const offset = requestHeader.offsetOf.requestChecksum;
  if (isZeroBytes(bytes, offset, offset + 16)) return unsealed;
  const expected = xxh3(bytes, headerSize);
  return getU128(bytes, offset) === expected ? ok : mismatch(bytes, expected, offset);
}

function prepareBodyCheck(bytes: Uint8Array): Check {
  const verdict = verifyPrepareBody(bytes);
  if (verdict === 'valid') return ok;
  if (verdict === 'unsealed') return unsealed;
  return mismatch(bytes, xxh3(bytes, headerSize), at.checksumBody);
}

function batchCheck(kind: FrameKind, bytes: Uint8Array): Check {
  const body = () => bytes.subarray(headerSize);
  if (kind === 'Prepare' || kind === 'RepairPrepare') {
    return prepareView.operation(bytes) === Operation.SendMessages ? verified(body()) : none;
  }
  if (kind !== 'Request' && kind !== 'RoutedRequest') return none;
  if (requestView.operation(bytes) !== Operation.SendMessages) return none;
  try {
    return verified(readSendMessages(body()).batch);
  } catch {
    // An unreadable routing part is reported when the body is decoded.
    return none;
  }
}

/** Compares message and batch checksums; a batch that cannot be read is reported elsewhere. */
function verified(batch: Uint8Array): Check {
  try {
    verifyBatch(batch);
    return ok;
  } catch (error) {
    if (!isWireError(error)) throw error;
    if (error.code !== 'WIRE_CHECKSUM_BATCH' && error.code !== 'WIRE_CHECKSUM_MESSAGE') return none;
    const { stored, computed } = error.details;
    return { verdict: 'mismatch', expected: asBigint(computed), found: asBigint(stored) };
  }
}

function asBigint(value: unknown): bigint | undefined {
  return typeof value === 'bigint' ? value : undefined;
}
