import { getU32, getU64Number, getU128, isZeroBytes } from '../../base/index.js';
import { readSuffix, type SuffixEntry } from '../../wire/index.js';
import { doViewChangeAt, headerSize, prepareAt } from './layout.js';
import { prepareHeaderFault } from './prepare.js';

/** Headers from a head downwards, one per op; `undefined` is a blank. */
export type Suffix = readonly (Uint8Array | undefined)[];

/** What a replica tells a candidate about its log. */
export interface Vote {
  readonly replica: number;
  readonly logView: number;
  readonly op: number;
  readonly commit: number;
  readonly suffix: Suffix;
  /** Next offset of a partition whose log names none; 0 = it does. */
  readonly offsetFloor: number;
  /** Bit i: can serve the body of entry i. */
  readonly present: bigint;
  /** Bit i: proves never to have prepared entry i. */
  readonly nack: bigint;
}

/**
 * Headers of a DoViewChange or StartView whose head is `op`, or `undefined` when any rule is
 * broken: one bad entry refuses the whole message. Entries alias the frame.
 */
export function decodeSuffix(frame: Uint8Array, op: number): Suffix | undefined {
  let entries: readonly SuffixEntry[];
  try {
    entries = readSuffix(frame, BigInt(op));
  } catch {
    return undefined;
  }
  for (const { blank, bytes } of entries) if (!blank && !isOurs(bytes)) return undefined;
  return entries.map(({ blank, bytes }) => (blank ? undefined : bytes));
}

/** The vote in a DoViewChange frame whose header was validated, or `undefined`. */
export function decodeVote(frame: Uint8Array): Vote | undefined {
  const op = getU64Number(frame, doViewChangeAt.op);
  const suffix = decodeSuffix(frame, op);
  if (suffix === undefined) return undefined;
  return {
    replica: frame[doViewChangeAt.replica] ?? 0,
    logView: getU32(frame, doViewChangeAt.logView),
    op,
    commit: getU64Number(frame, doViewChangeAt.commit),
    suffix,
    offsetFloor: getU64Number(frame, doViewChangeAt.offsetFloor),
    present: getU128(frame, doViewChangeAt.presentBitset),
    nack: getU128(frame, doViewChangeAt.nackBitset),
  };
}

/** What the codec lets pass for official captures: unsealed headers, numbers beyond 2^53-1. */
function isOurs(header: Uint8Array): boolean {
  return (
    prepareHeaderFault(header) === undefined &&
    !isZeroBytes(header, prepareAt.checksum, prepareAt.checksumBody) &&
    getU32(header, prepareAt.size) >= headerSize
  );
}
