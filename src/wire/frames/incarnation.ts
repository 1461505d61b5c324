import { invalid } from '../errors.js';

/**
 * Extension: the parts of `incarnation` in RequestStartView and StartView. The frame itself does
 * not tell them from the random number of an official node.
 */
export interface ProbeNonce {
  /** 1 for the first probe of a boot; below 2^63. */
  readonly counter: bigint;
  /** The journal did not survive the last stop. */
  readonly journalLost: boolean;
  /** One random number per boot, not 0. */
  readonly boot: bigint;
}

const lostBit = 1n << 63n;

/** The parts as the u128 that frames carry. @throws WIRE_INVALID */
export function packProbeNonce({ counter, journalLost, boot }: ProbeNonce): bigint {
  if (counter < 0n || counter >= lostBit) throw invalid(`probe counter out of range: ${counter}`);
  if (boot < 0n || boot >> 64n !== 0n) throw invalid(`boot incarnation out of range: ${boot}`);
  return (boot << 64n) | (journalLost ? lostBit : 0n) | counter;
}

/** The parts of an `incarnation` of one of our nodes. */
export function unpackProbeNonce(incarnation: bigint): ProbeNonce {
  const low = BigInt.asUintN(64, incarnation);
  return {
    counter: low & (lostBit - 1n),
    journalLost: (low & lostBit) !== 0n,
    boot: incarnation >> 64n,
  };
}
