import { invalid } from './errors.js';
import { packVersion } from './packed-version.js';

/** A protocol version in three numbers of 0..1023 each. */
export interface ProtocolVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

const componentMax = 1023;
const packedMax = 0x3fff_ffff;

/** The parts of a packed version. @throws WIRE_INVALID when one of the two top bits is set. */
export function unpackVersion(packed: number): ProtocolVersion {
  if (!Number.isInteger(packed) || packed < 0 || packed > packedMax) {
    throw invalid(`not a packed version: ${packed}`);
  }
  return {
    major: packed >>> 20,
    minor: (packed >>> 10) & componentMax,
    patch: packed & componentMax,
  };
}

/**
 * The packed form of `0.11.0-edge.4`; what follows the three numbers does not count.
 * @throws WIRE_INVALID
 */
export function parseVersion(text: string): number {
  const match = /^(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?:[-+].*)?$/.exec(text);
  const [major = -1, minor = -1, patch = -1] = (match ?? []).slice(1, 4).map(Number);
  if (match === null || Math.max(major, minor, patch) > componentMax) {
    throw invalid(`not a protocol version: ${JSON.stringify(text)}`);
  }
  return packVersion(major, minor, patch);
}
