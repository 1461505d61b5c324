import { isZeroBytes } from '../base/index.js';
import {
  Command,
  checkFrame,
  commandName,
  type FrameKind,
  frameKindOf,
  genericHeader,
  headerSize,
  isWireError,
  matchesChecksum,
  operationName,
  requestHeader,
  verifyPrepareBody,
  verifyPrepareIdentity,
  verifySuffixBody,
} from '../wire/index.js';
import type { DecodeCounts, DecoderOptions } from './decoder-types.js';
import { operationByte } from './explain/header-facts.js';
import type { Family } from './framing/family.js';

const commandAt = genericHeader.offsetOf.command;
const stampAt = requestHeader.offsetOf.requestChecksum;

/** Counts frames by what they are, and those whose header or checksums are wrong. */
export class FrameCounter {
  readonly #options: DecoderOptions;
  readonly #counts: DecodeCounts;

  constructor(options: DecoderOptions, counts: DecodeCounts) {
    this.#options = options;
    this.#counts = counts;
  }

  add(family: Family, bytes: Uint8Array): void {
    const command = family === 'vsr' ? (bytes[commandAt] ?? 0) : 256;
    const operation = family === 'vsr' ? operationByte(bytes) : undefined;
    const key = command * 1024 + (operation ?? 512);
    let kind = this.#counts.kinds.get(key);
    if (kind === undefined) {
      kind = {
        command: family === 'vsr' ? commandName(command) : family,
        operation: operation === undefined ? undefined : operationName(operation),
        count: 0,
        bytes: 0,
      };
      this.#counts.kinds.set(key, kind);
    }
    kind.count += 1;
    kind.bytes += bytes.length;
    const judged = family === 'vsr' && this.#options.layout === 'current';
    if (judged && !isSound(bytes, this.#options.verify)) this.#counts.malformed += 1;
  }
}

/** Header rules and checksums, without looking into the body. */
function isSound(bytes: Uint8Array, verify: boolean): boolean {
  try {
    const kind = frameKindOf(bytes, 'any');
    checkFrame(bytes, kind);
    return !verify || checksumsHold(kind, bytes);
  } catch (error) {
    if (!isWireError(error)) throw error;
    return !verify && error.code === 'WIRE_CHECKSUM_FRAME';
  }
}

function checksumsHold(kind: FrameKind, bytes: Uint8Array): boolean {
  if (bytes[commandAt] === Command.Request) {
    if (isZeroBytes(bytes, stampAt, stampAt + 16)) return true;
    return matchesChecksum(bytes, stampAt, bytes, headerSize, bytes.length);
  }
  if (kind === 'Prepare' || kind === 'RepairPrepare') {
    return verifyPrepareIdentity(bytes) !== 'mismatch' && verifyPrepareBody(bytes) !== 'mismatch';
  }
  return kind === 'DoViewChange' || kind === 'StartView' ? verifySuffixBody(bytes) : true;
}
