import { getU32, tryGetU64Number } from '../../base/index.js';
import { commandByCode, decode, headerSize } from '../../wire/index.js';
import { type Chain, plainSize, walkChain } from './chain.js';
import type { Family, LaneOptions } from './family.js';
import {
  declaredSize,
  hasHeaderShape,
  isConvincing,
  isFrameSize,
  mayBecomeHeader,
} from './plausible.js';

/** How the bytes seen so far are to be divided. */
export type Decision =
  | { readonly kind: 'wait' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'family'; readonly family: Family; readonly alternatives: readonly Family[] };

/** No decision needs more bytes than this. */
const detectionLimit = 65_536;

const wait: Decision = { kind: 'wait' };
const samples = 16;

/**
 * Finds out the framing of a stream from its beginning.
 *
 * @param ended - nothing will follow `bytes` for now.
 * @source Iggy consensus protocol, telling the families apart
 */
export function detectFamily(bytes: Uint8Array, ended: boolean, options: LaneOptions): Decision {
  const { framing, direction } = options;
  if (framing !== 'auto') return only(framing);
  if (direction === 'replica' || isConsensus(bytes, options)) return only('vsr');
  if (!ended && bytes.length < headerSize && mayBecomeHeader(bytes, 0, bytes.length)) return wait;
  const none = {
    possible: false,
    frames: 0,
    consumed: 0,
    unknown: 0,
    correlated: false,
    missing: 0,
  };
  const requests = direction === 'server' ? none : walkChain('request', bytes);
  const responses = direction === 'client' ? none : walkChain('response', bytes);
  if (ended || bytes.length >= detectionLimit) return decide(bytes, requests, responses);
  const loose = bytes.length < headerSize || isLooseHeader(bytes);
  if (!requests.possible && !responses.possible) {
    return bytes.length < headerSize ? wait : decide(bytes, requests, responses);
  }
  if (loose || (requests.possible && responses.possible)) return wait;
  const chain = requests.possible ? requests : responses;
  return chain.frames >= 2 && chain.unknown === 0 ? decide(bytes, requests, responses) : wait;
}

function only(family: Family): Decision {
  return { kind: 'family', family, alternatives: [] };
}

function isConsensus(bytes: Uint8Array, options: LaneOptions): boolean {
  if (bytes.length < headerSize || !hasHeaderShape(bytes, 0)) return false;
  return options.layout === 'origin' || isConvincing(bytes, 0, options.verify);
}

/** A header with something wrong in it, which is still likelier than any other explanation. */
function isLooseHeader(bytes: Uint8Array): boolean {
  if (bytes.length < headerSize || !isFrameSize(declaredSize(bytes, 0))) return false;
  const command = bytes[60] ?? 0;
  return command >= 1 && command <= 29;
}

function decide(bytes: Uint8Array, requests: Chain, responses: Chain): Decision {
  const exact = (chain: Chain) => chain.possible && chain.frames > 0 && chain.missing === 0;
  const good = (chain: Chain) => exact(chain) && chain.unknown === 0;
  // Zeros are the start of a consensus frame long before they are a row of empty responses.
  const zeros = bytes.length >= 64 && bytes.subarray(0, 16).every((byte) => byte === 0);
  if (!zeros && (good(requests) || good(responses))) {
    return plain(bytes, good(requests) && requests, good(responses) && responses);
  }
  if (isLooseHeader(bytes)) return only('vsr');
  const partial = (chain: Chain) => chain.possible && chain.unknown === 0 && bytes.length >= 8;
  if (!zeros && (exact(requests) || exact(responses))) {
    return plain(bytes, exact(requests) && requests, exact(responses) && responses);
  }
  if (!zeros && partial(requests) && requests.frames > 0) return plain(bytes, requests, false);
  if (!zeros && partial(responses) && responses.frames > 0) return plain(bytes, false, responses);
  const short = bytes.length < headerSize && bytes.length >= 64;
  if (short && mayBecomeHeader(bytes, 0, bytes.length)) return only('vsr');
  return { kind: 'unknown' };
}

/** Chooses between requests and responses, then between the two widths of their header. */
function plain(bytes: Uint8Array, requests: Chain | false, responses: Chain | false): Decision {
  const families: Family[] = [];
  if (requests !== false) families.push(...widths('request', bytes, requests));
  if (responses !== false) families.push(...widths('response', bytes, responses));
  const preferResponse = requests !== false && responses !== false && requests.unknown > 0;
  if (preferResponse) families.sort((a, b) => Number(isRequest(a)) - Number(isRequest(b)));
  const [family, ...alternatives] = families;
  return family === undefined ? { kind: 'unknown' } : { kind: 'family', family, alternatives };
}

function isRequest(family: Family): boolean {
  return family === 'request' || family === 'legacy_request';
}

/** The possible widths of the header, the likelier one first. */
function widths(side: 'request' | 'response', bytes: Uint8Array, chain: Chain): readonly Family[] {
  const legacy: Family = `legacy_${side}`;
  if (!chain.correlated) return [legacy];
  let [wide, narrow] = [true, true];
  let at = 0;
  for (let i = 0; i < Math.min(chain.frames, samples); i++) {
    const frame = bytes.subarray(at, at + plainSize(side, bytes, at));
    at += frame.length;
    if (side === 'request') {
      if (!requestDecodes(frame, 16)) wide = false;
      if (!requestDecodes(frame, 8)) narrow = false;
    } else if (getU32(frame, 0) !== 0) narrow = false;
    if (side === 'request' && !isSmallId(frame)) wide = false;
  }
  if (wide && !narrow) return [side];
  if (narrow && !wide) return [legacy];
  return isSmallId(bytes) ? [side, legacy] : [legacy, side];
}

function isSmallId(frame: Uint8Array): boolean {
  const id = tryGetU64Number(frame, 8);
  return id >= 0 && id < 2 ** 32;
}

function requestDecodes(frame: Uint8Array, bodyAt: number): boolean {
  const command = commandByCode(getU32(frame, 4));
  if (command === undefined) return true;
  try {
    decode(command.request, frame.subarray(bodyAt));
    return true;
  } catch {
    return false;
  }
}
