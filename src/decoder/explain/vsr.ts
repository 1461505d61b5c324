import { getU32, isZeroBytes } from '../../base/index.js';
import {
  Command,
  checkFrame,
  type FrameKind,
  frameSpecs,
  genericHeader,
  headerSize,
  isWireError,
  replyHeader,
  requestHeader,
} from '../../wire/index.js';
import { isKnownError } from '../error-names.js';
import type { Direction } from '../framing/family.js';
import { declaredSize } from '../framing/plausible.js';
import { decodeBody, plainBody } from './body.js';
import { type BodyLayout, bodyLayout } from './body-layout.js';
import { checkConsensusFrame, noChecks, nonzeroReserved } from './checks.js';
import type { Checks, FrameView, NamedCode } from './frame-view.js';
import {
  chooseHeader,
  commandOf,
  directionOf,
  operationByte,
  operationView,
  reasonOf,
  statusOf,
} from './header-facts.js';

/** The parts of a view that come from the bytes of the frame alone. */
export type Explained = Omit<
  FrameView,
  'index' | 'source' | 'offset' | 'family' | 'timeMicros' | 'readings' | 'pair' | 'bytes'
>;

/** How a frame is explained. */
export interface ExplainOptions {
  readonly verify: boolean;
  /** Who sent it, where that is known from outside. */
  readonly direction: Direction | undefined;
  /** Code of the command that a reply answers. */
  readonly answers: number | undefined;
  /** False when bytes are missing at the end. */
  readonly whole: boolean;
}

const commandAt = genericHeader.offsetOf.command;
const badSeal = 'WIRE_CHECKSUM_FRAME';
const originHint = 'valid in the layout of the origin: try --layout origin';

/** Explains a frame with today's 256-byte header, all of which is there. */
export function explainVsr(bytes: Uint8Array, options: ExplainOptions): Explained {
  const { kind, codec, layout } = chooseHeader(bytes, options.direction);
  if (kind === undefined) return explainUnknown(bytes, options);
  const problems: string[] = [];
  const checks = judge(kind, bytes, options, problems);
  const expected = bodyLayout(kind, bytes, options.answers);
  const decoded = options.whole ? decodeBody(expected, bytes, headerSize) : undefined;
  if (decoded?.problem !== undefined) problems.push(decoded.problem);
  const operation = operationByte(bytes);
  const length = declaredSize(bytes, 0);
  const status = statusOf(bytes);
  const facts: Facts = { kind, length, status, checks, isBroken: problems.length > 0 };
  const warnings = warningsOf(bytes, facts, options);
  if (decoded?.warning !== undefined) warnings.push(decoded.warning);
  return {
    length,
    direction: options.direction ?? directionOf(bytes, kind),
    command: commandOf(bytes),
    operation: operation === undefined ? undefined : operationView(operation, expected.command),
    status,
    reason: reasonOf(bytes),
    header: { layout, codec, size: headerSize },
    body: decoded?.view ?? plainBody(expected, headerSize, bytes.length),
    checks,
    warnings,
    problems,
  };
}

const unknownBody: BodyLayout = {
  ...{ name: 'bytes', codecs: [], resultFramed: false, allowTrailing: true, secret: false },
  ...{ command: undefined, note: 'the command is not known' },
};

function explainUnknown(bytes: Uint8Array, options: ExplainOptions): Explained {
  const command = commandOf(bytes);
  const { codec, layout } = chooseHeader(bytes, options.direction);
  return {
    length: declaredSize(bytes, 0),
    direction: options.direction,
    command,
    ...{ operation: undefined, status: undefined, reason: undefined, checks: noChecks },
    header: { layout, codec, size: headerSize },
    body: plainBody(unknownBody, headerSize, bytes.length),
    warnings: [],
    problems: [`${command.name} (${command.code}) is no command that is ever sent`],
  };
}

/** Applies the rules of the header and compares checksums; notes what is wrong. */
function judge(
  kind: FrameKind,
  bytes: Uint8Array,
  options: ExplainOptions,
  problems: string[],
): Checks {
  let sealHolds: boolean | undefined;
  try {
    checkFrame(bytes, kind);
    sealHolds = true;
  } catch (error) {
    if (!isWireError(error)) throw error;
    if (error.code === badSeal) sealHolds = false;
    // A size beyond the end is what makes a frame partial, which is said elsewhere.
    else if (options.whole || error.code !== 'WIRE_COMMAND') problems.push(ruleText(error));
  }
  const { verify, whole } = options;
  const checks = checkConsensusFrame(kind, bytes, { verify, whole, sealHolds });
  if (checks.frame.verdict === 'mismatch') problems.push('the frame checksum does not match');
  if (checks.body.verdict === 'mismatch') problems.push('the body checksum does not match');
  if (checks.batch.verdict === 'mismatch') problems.push('the batch checksum does not match');
  return checks;
}

function ruleText(error: { readonly message: string; readonly details: object }): string {
  const kind: unknown = 'kind' in error.details ? error.details.kind : undefined;
  return typeof kind === 'string' ? `${kind}: ${error.message}` : error.message;
}

interface Facts {
  readonly kind: FrameKind;
  readonly length: number;
  readonly status: NamedCode | undefined;
  readonly checks: Checks;
  readonly isBroken: boolean;
}

function warningsOf(bytes: Uint8Array, facts: Facts, options: ExplainOptions): string[] {
  const { kind, status } = facts;
  // Most frames have nothing to warn about, and this is on the path of every one of them.
  const warnings: string[] = [];
  if (facts.checks.reserved.verdict === 'nonzero') {
    for (const { name, start, end } of nonzeroReserved(frameSpecs[kind].codec, bytes)) {
      warnings.push(`bytes ${start}..${end} (${snake(name)}) are not zero`);
    }
  }
  if (status !== undefined && !isKnownError(status.code)) {
    warnings.push(`status ${status.code} is no known error code`);
  } else if (status !== undefined && facts.length > headerSize) {
    warnings.push('a reply with a status should have no body');
  }
  if (options.direction === 'client' && kind !== 'Request') {
    warnings.push(`a client does not send ${kind}`);
  }
  const isPong = kind === 'PingPong' && bytes[commandAt] === Command.Pong;
  if (isPong && !isZeroBytes(bytes, 0, 16)) {
    warnings.push('this looks like a heartbeat answer, but its seal does not verify');
  }
  if (isValidOnlyInOrigin(bytes, facts)) warnings.push(originHint);
  return warnings;
}

/** Fields of the origin's layout stand where today something else makes no sense. */
function isValidOnlyInOrigin(bytes: Uint8Array, facts: Facts): boolean {
  const { kind, status } = facts;
  if ((bytes[commandAt] ?? 0) > 12) return false;
  if (kind === 'Reply') {
    const strange = status !== undefined && (!isKnownError(status.code) || facts.length > 256);
    const high = getU32(bytes, replyHeader.offsetOf.reserved) !== 0;
    return (strange || high) && isZeroBytes(bytes, 224, headerSize);
  }
  if (kind === 'Request' || kind === 'RoutedRequest') {
    if (!facts.isBroken && facts.checks.reserved.verdict !== 'nonzero') return false;
    const session = !isZeroBytes(bytes, 192, 200);
    const request = !isZeroBytes(bytes, requestHeader.offsetOf.request, 176);
    const isRegister = bytes[requestHeader.offsetOf.operation] === 1;
    const fits = isRegister ? !session && !request : session && request;
    return fits && isZeroBytes(bytes, 200, headerSize);
  }
  return frameSpecs[kind].sealed && isZeroBytes(bytes, 0, 16);
}

/** The name of a field as the protocol writes it. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
