import { getU32, getU64, isZeroBytes } from '../../base/index.js';
import { serverErrorByCode } from '../errors-table.js';
import {
  Command,
  commandCodeInfo,
  frameSpecs,
  frameView,
  genericHeader,
  headerSize,
  isOperation,
  prepareView,
  replyView,
  requestHeader,
  verifyPrepareIdentity,
  verifySeal,
} from '../frames/index.js';
import type { FrameFamily } from './family.js';

/** How sure a guess is. `certain` means that a 64-bit hash was verified. */
export type Confidence = 'certain' | 'likely' | 'possible';

/** One way to read some bytes. */
export interface FamilyGuess {
  readonly family: FrameFamily;
  readonly confidence: Confidence;
  /** Bytes of the frame under this guess. */
  readonly size: number;
  /** Why, in a few words. */
  readonly reason: string;
}

/** How many bytes one whole frame would need, if it were of this family. */
export interface FamilyNeed {
  readonly family: FrameFamily;
  readonly size: number;
}

/** What is known besides the bytes. */
export interface DetectHints {
  readonly direction?: 'request' | 'response';
  /** True when `payload` is a body of the command `code`: separates the two small families. */
  readonly decodesAsRequest?: (code: number, payload: Uint8Array) => boolean;
}

/** What {@link detectFamily} found, best guess first. */
export interface Detection {
  readonly guesses: readonly FamilyGuess[];
  /** More than one guess stands: to be told to people, not hidden from them. */
  readonly ambiguous: boolean;
  /** Without a guess: what each family would need. */
  readonly needs: readonly FamilyNeed[];
}

const at = genericHeader.offsetOf;

/**
 * Guesses the family of one frame, or of the first frame of a consensus stream. No family carries
 * a mark of its own, so this weighs what the bytes say.
 * @source Iggy wire protocol, telling frame families apart
 */
export function detectFamily(bytes: Uint8Array, hints: DetectHints = {}): Detection {
  const consensus = guessConsensus(bytes);
  // A small-frame decoder takes the zeros at the front of a consensus frame for an empty success.
  if (consensus !== undefined) return { guesses: [consensus], ambiguous: false, needs: [] };
  const requests = hints.direction === 'response' ? [] : guessRequests(bytes, hints);
  const responses = hints.direction === 'request' ? [] : guessResponses(bytes);
  const guesses = rank([...requests, ...responses]);
  return {
    guesses,
    ambiguous: guesses.length > 1,
    needs: guesses.length === 0 ? needsOf(bytes) : [],
  };
}

function guessConsensus(bytes: Uint8Array): FamilyGuess | undefined {
  if (bytes.length < headerSize) return undefined;
  const size = getU32(bytes, at.size);
  const command = frameView.command(bytes);
  const plausible =
    size >= headerSize &&
    size <= bytes.length &&
    command >= Command.Ping &&
    command <= Command.ForwardLogoutResult &&
    getU32(bytes, at.release) === 0 &&
    isZeroBytes(bytes, at.reservedFrame, at.reservedFrame + 66);
  if (!plausible) return undefined;
  const { confidence, reason } = weighConsensus(bytes, command);
  return { family: 'consensus', confidence, size, reason };
}

type Weight = Pick<FamilyGuess, 'confidence' | 'reason'>;

const sealedCommands: ReadonlySet<number> = new Set(
  Object.values(frameSpecs).flatMap((spec): readonly number[] =>
    spec.sealed ? spec.commands : [],
  ),
);

function weighConsensus(bytes: Uint8Array, command: number): Weight {
  if (sealedCommands.has(command)) {
    return verifySeal(bytes)
      ? { confidence: 'certain', reason: 'the seal of the header is right' }
      : { confidence: 'possible', reason: 'a header whose seal is wrong' };
  }
  if (command === Command.Prepare || command === Command.RepairPrepare) {
    const verdict = verifyPrepareIdentity(bytes);
    if (verdict === 'valid') return { confidence: 'certain', reason: 'the identity is right' };
    const known = verdict === 'unsealed' && isOperation(prepareView.operation(bytes));
    return known
      ? { confidence: 'likely', reason: 'a prepare without checksum' }
      : { confidence: 'possible', reason: 'a prepare whose identity is wrong' };
  }
  return isPlainFrame(bytes, command)
    ? { confidence: 'likely', reason: `a plausible header, command ${command}` }
    : { confidence: 'possible', reason: `a header with an undefined value, command ${command}` };
}

/** For frames without a checksum: the values that must be defined are. */
function isPlainFrame(bytes: Uint8Array, command: number): boolean {
  if (command === Command.Request) {
    const { operation, operationPadding } = requestHeader.offsetOf;
    const padded = isZeroBytes(bytes, operationPadding, operationPadding + 7);
    return isOperation(bytes[operation] ?? 0) && padded;
  }
  if (command === Command.Reply) return isOperation(replyView.operation(bytes));
  const reason = bytes[headerSize - 1] ?? 0;
  return command !== Command.Eviction || (reason >= 1 && reason <= 15);
}

function guessRequests(bytes: Uint8Array, { decodesAsRequest }: DetectHints): FamilyGuess[] {
  const total = bytes.length;
  if (total < 8 || getU32(bytes, 0) !== total - 4) return [];
  const code = getU32(bytes, 4);
  const known = commandCodeInfo(code) !== undefined;
  const what = known ? `command code ${code}` : `unknown command code ${code}`;
  const base: Confidence = known ? 'likely' : 'possible';
  const legacy: FamilyGuess = {
    family: 'legacy-request',
    confidence: base,
    size: total,
    reason: what,
  };
  if (total < 16) return [legacy];
  const decodes = (from: number): boolean | undefined =>
    known ? decodesAsRequest?.(code, bytes.subarray(from)) : undefined;
  const asCorrelated = decodes(16);
  const asLegacy = decodes(8);
  const smallId = getU64(bytes, 8) < 1n << 32n;
  // Only when the payload reads one way alone does it decide; else the request id does.
  const preferLegacy = asLegacy === asCorrelated ? !smallId : asLegacy === true;
  const correlated: FamilyGuess = {
    family: 'correlated-request',
    confidence: preferLegacy ? 'possible' : base,
    size: total,
    reason: `${what}, request id ${smallId ? 'small' : 'large'}`,
  };
  return preferLegacy ? [legacy, correlated] : [correlated, { ...legacy, confidence: 'possible' }];
}

function guessResponses(bytes: Uint8Array): FamilyGuess[] {
  const total = bytes.length;
  if (total < 8 || getU32(bytes, 4) !== total - 8) return [];
  const status = getU32(bytes, 0);
  if (status !== 0 && serverErrorByCode(status) === undefined) return [];
  const what = status === 0 ? 'a success' : `the error ${status}`;
  const legacy: FamilyGuess = {
    family: 'legacy-response',
    confidence: 'likely',
    size: total,
    reason: what,
  };
  if (total < 16) return [legacy];
  const correlated: FamilyGuess = { ...legacy, family: 'correlated-response' };
  // An error of the older form never has a payload.
  if (status !== 0 && total === 16) return [correlated];
  return [
    { ...correlated, confidence: 'possible' },
    { ...legacy, confidence: 'possible' },
  ];
}

const weights: Readonly<Record<Confidence, number>> = { certain: 0, likely: 1, possible: 2 };

/** Best first; among equals the order of arrival stays, which has requests first. */
function rank(guesses: readonly FamilyGuess[]): readonly FamilyGuess[] {
  return guesses.toSorted((a, b) => weights[a.confidence] - weights[b.confidence]);
}

function needsOf(bytes: Uint8Array): readonly FamilyNeed[] {
  const needs: FamilyNeed[] = [];
  const size = bytes.length >= at.size + 4 ? getU32(bytes, at.size) : headerSize;
  needs.push({ family: 'consensus', size: Math.max(size, headerSize) });
  if (bytes.length >= 8) {
    needs.push({ family: 'correlated-request', size: getU32(bytes, 0) + 4 });
    needs.push({ family: 'correlated-response', size: getU32(bytes, 4) + 8 });
  }
  return needs.filter((each) => each.size > bytes.length);
}
