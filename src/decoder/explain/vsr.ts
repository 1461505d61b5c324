import { getU32, isZeroBytes } from '../../base/index.js';
import {
  Command,
  checkFrame,
  commandName,
  type FrameKind,
  frameSpecs,
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
import type { BodyView, Checks, FrameView } from './frame-view.js';
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

const badSeal = 'WIRE_CHECKSUM_FRAME';
const originHint = 'valid in the layout of the origin: try --layout origin';

/** Explains a frame with today's 256-byte header, all of which is there. */
export function explainVsr(bytes: Uint8Array, options: ExplainOptions): Explained {
  const { kind, codec, layout } = chooseHeader(bytes, options.direction);
  const problems: string[] = [];
  const warnings: string[] = [];
  const command = commandOf(bytes);
  const header = { layout, codec, size: headerSize };
  const length = declaredSize(bytes, 0);
  const direction = options.direction ?? directionOf(bytes, kind);
  const common = { length, direction, command, header, problems, warnings };
  if (kind === undefined) {
    problems.push(`${command.name} (${command.code}) is no command that is ever sent`);
    return { ...common, ...unknownParts(bytes) };
  }
  const checks = judge(kind, bytes, options, problems);
  const layoutOfBody = bodyLayout(kind, bytes, options.answers);
  const body = explainBody(layoutOfBody, bytes, options, { problems, warnings });
  const operation = operationByte(bytes);
  const view: Explained = {
    ...common,
    operation: operation === undefined ? undefined : operationView(operation, layoutOfBody.command),
    status: statusOf(bytes),
    reason: reasonOf(bytes),
    body,
    checks,
  };
  warnings.push(...warningsOf(kind, bytes, view, options));
  return view;
}

function unknownParts(bytes: Uint8Array) {
  const nothing = { operation: undefined, status: undefined, reason: undefined };
  const layout: BodyLayout = {
    ...{ name: 'bytes', codecs: [], resultFramed: false, allowTrailing: true, secret: false },
    ...{ command: undefined, note: 'the command is not known' },
  };
  return { ...nothing, body: plainBody(layout, headerSize, bytes.length), checks: noChecks };
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
  const checks = checkConsensusFrame(kind, bytes, { ...options, sealHolds });
  for (const [name, check] of Object.entries(checks)) {
    if (check.verdict === 'mismatch') problems.push(`the ${name} checksum does not match`);
  }
  return checks;
}

function ruleText(error: { readonly message: string; readonly details: object }): string {
  const kind: unknown = 'kind' in error.details ? error.details.kind : undefined;
  return typeof kind === 'string' ? `${kind}: ${error.message}` : error.message;
}

function explainBody(
  layout: BodyLayout,
  bytes: Uint8Array,
  options: ExplainOptions,
  notes: { readonly problems: string[]; readonly warnings: string[] },
): BodyView {
  if (!options.whole) {
    return { ...plainBody(layout, headerSize, bytes.length), note: 'it is not complete' };
  }
  const { view, problem, warning } = decodeBody(layout, bytes, headerSize);
  if (problem !== undefined) notes.problems.push(problem);
  if (warning !== undefined) notes.warnings.push(warning);
  return view;
}

function warningsOf(
  kind: FrameKind,
  bytes: Uint8Array,
  view: Explained,
  options: ExplainOptions,
): readonly string[] {
  const { status } = view;
  // Most frames have nothing to warn about, and this is on the path of every one of them.
  const warnings: string[] = [];
  if (view.checks.reserved.verdict === 'nonzero') {
    for (const { name, start, end } of nonzeroReserved(frameSpecs[kind].codec, bytes)) {
      warnings.push(`bytes ${start}..${end} (${snake(name)}) are not zero`);
    }
  }
  if (status !== undefined && !isKnownError(status.code)) {
    warnings.push(`status ${status.code} is no known error code`);
  } else if (status !== undefined && bytes.length > headerSize) {
    warnings.push('a reply with a status should have no body');
  }
  if (options.direction === 'client' && kind !== 'Request') {
    warnings.push(`a client does not send ${commandName(view.command.code)}`);
  }
  if (kind === 'PingPong' && view.command.code === Command.Pong && !isZeroBytes(bytes, 0, 16)) {
    warnings.push('this looks like a heartbeat answer, but its seal does not verify');
  }
  if (isValidOnlyInOrigin(kind, bytes, view)) warnings.push(originHint);
  return warnings;
}

/** Fields of the origin's layout stand where today something else makes no sense. */
function isValidOnlyInOrigin(kind: FrameKind, bytes: Uint8Array, view: Explained): boolean {
  if (view.command.code > 12) return false;
  if (kind === 'Reply') {
    const strange =
      view.status !== undefined && (!isKnownError(view.status.code) || view.length > 256);
    const high = getU32(bytes, replyHeader.offsetOf.reserved) !== 0;
    return (strange || high) && isZeroBytes(bytes, 224, headerSize);
  }
  if (kind === 'Request' || kind === 'RoutedRequest') {
    const broken = view.problems.length > 0 || view.checks.reserved.verdict === 'nonzero';
    const session = !isZeroBytes(bytes, 192, 200);
    const request = !isZeroBytes(bytes, requestHeader.offsetOf.request, 176);
    const isRegister = bytes[requestHeader.offsetOf.operation] === 1;
    const fits = isRegister ? !session && !request : session && request;
    return broken && fits && isZeroBytes(bytes, 200, headerSize);
  }
  return frameSpecs[kind].sealed && isZeroBytes(bytes, 0, 16);
}

/** The name of a field as the protocol writes it. */
export function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
