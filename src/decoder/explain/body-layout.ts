import { once } from '../../base/index.js';
import {
  type Codec,
  commandByCode,
  commandCodeOfOperation,
  commands,
  type FrameKind,
  isResultFramed,
  Operation,
  prepareView,
  replicatedBodyCodec,
  replyHeader,
  replyPayloadCodec,
  replyView,
  requestView,
} from '../../wire/index.js';
import type { NamedCode } from './frame-view.js';
import { manifestCodec } from './manifest.js';
import { suffixCodec } from './suffix.js';

/** What the body of a frame is expected to hold. */
export interface BodyLayout {
  readonly name: string;
  /** Structures to try, in this order; none = unknown bytes. */
  readonly codecs: readonly Codec<unknown>[];
  /** A result section stands in front of the payload. */
  readonly resultFramed: boolean;
  /** More bytes may follow the structure. */
  readonly allowTrailing: boolean;
  /**
   * The body may hold secrets even where no structure says so; one whose structure has secrets is
   * hidden anyway unless it is understood.
   */
  readonly secret: boolean;
  /** The command that the frame belongs to, where it can be told. */
  readonly command: NamedCode | undefined;
  /** Says why the structure is not known. */
  readonly note: string | undefined;
}

const plain = {
  ...{ codecs: [], resultFramed: false, allowTrailing: false, secret: false },
  ...{ command: undefined, note: undefined },
} as const;

const noBody: BodyLayout = { ...plain, name: 'none' };
const rawBytes: BodyLayout = { ...plain, name: 'bytes' };
const login = once<BodyLayout>(() => ({
  ...plain,
  name: 'login',
  codecs: [commands.login_register.request, commands.login_register_with_pat.request],
  allowTrailing: true,
  secret: true,
}));

/** The name of a command code, such as `stream.create`. */
export function namedCommand(code: number): NamedCode {
  return { code, name: commandByCode(code)?.dispatchName ?? `unknown(${code})` };
}

/**
 * The layout of the body of a consensus frame.
 *
 * @param answers - code of the command that the request of a reply had, when it is known.
 * @source Iggy consensus protocol, bodies of consensus frames; Iggy binary protocol, commands
 */
export function bodyLayout(kind: FrameKind, bytes: Uint8Array, answers?: number): BodyLayout {
  switch (kind) {
    case 'Request':
    case 'RoutedRequest':
      return requestLayout(bytes);
    case 'Reply':
      return replyLayout(bytes, answers);
    case 'Prepare':
    case 'RepairPrepare':
      return prepareLayout(bytes);
    case 'DoViewChange':
    case 'StartView':
      return { ...plain, name: 'prepare headers', codecs: [suffixCodec] };
    case 'StateTransferTarget':
      return { ...plain, name: 'state manifest', codecs: [manifestCodec] };
    case 'StateChunk':
      return rawBytes;
    default:
      return noBody;
  }
}

const commandLayouts = new Map<number, BodyLayout>();

/** The body of a request whose command is known by its code. */
export function commandLayout(code: number): BodyLayout {
  return kept(commandLayouts, code, makeCommandLayout);
}

/** Layouts of commands are made once; a code without a command is the peer's choice, not kept. */
function kept(
  layouts: Map<number, BodyLayout>,
  code: number,
  make: (code: number) => BodyLayout,
): BodyLayout {
  let layout = layouts.get(code);
  if (layout === undefined) {
    layout = make(code);
    if (commandByCode(code) !== undefined) layouts.set(code, layout);
  }
  return layout;
}

function makeCommandLayout(code: number): BodyLayout {
  const known = commandByCode(code);
  const command = namedCommand(code);
  if (known === undefined) return { ...rawBytes, command, note: 'the command code is not known' };
  return {
    ...plain,
    name: known.name,
    codecs: [known.request],
    allowTrailing: known.trailing === 'ignored',
    command,
  };
}

const unknownResponse: BodyLayout = { ...rawBytes, note: 'its request is not in the input' };
const responseLayouts = new Map<number, BodyLayout>();

/** The payload of a response whose request had this command code. */
export function responseLayout(code: number | undefined): BodyLayout {
  if (code === undefined) return unknownResponse;
  return kept(responseLayouts, code, makeResponseLayout);
}

function makeResponseLayout(code: number): BodyLayout {
  const known = commandByCode(code);
  const command = namedCommand(code);
  if (known === undefined) return { ...rawBytes, command, note: 'the command code is not known' };
  return { ...plain, name: `${known.name} reply`, codecs: [known.response], command };
}

function requestLayout(bytes: Uint8Array): BodyLayout {
  const operation = requestView.operation(bytes);
  if (operation === Operation.NonReplicated) return commandLayout(requestView.commandCode(bytes));
  if (operation === Operation.Register) return login();
  const code = commandCodeOfOperation(operation);
  if (code !== undefined) return commandLayout(code);
  const internal = replicatedBodyCodec(operation);
  if (internal === undefined) return { ...rawBytes, note: 'the operation is not known' };
  return { ...plain, name: 'internal request', codecs: [internal] };
}

const prepareLayouts = new Map<number, BodyLayout>();

function prepareLayout(bytes: Uint8Array): BodyLayout {
  const operation = prepareView.operation(bytes);
  let layout = prepareLayouts.get(operation);
  if (layout === undefined) {
    layout = makePrepareLayout(operation);
    prepareLayouts.set(operation, layout);
  }
  return layout;
}

function makePrepareLayout(operation: number): BodyLayout {
  const code = commandCodeOfOperation(operation);
  const command = code === undefined ? undefined : namedCommand(code);
  const codec = replicatedBodyCodec(operation);
  if (codec === undefined) {
    const secret = operation === Operation.Register;
    return { ...rawBytes, command, secret };
  }
  return { ...plain, name: 'replicated body', codecs: [codec], allowTrailing: true, command };
}

function isLogin(code: number | undefined): code is number {
  return commandByCode(code ?? 0)?.operation === Operation.Register;
}

/**
 * A login that is not sent as a Register is none.
 *
 * @source Iggy server: a code without a handler is answered by an empty success
 */
function idleLogin(code: number): BodyLayout {
  const note = 'an empty success: the server does nothing with this code outside of a Register';
  return { ...rawBytes, command: namedCommand(code), note };
}

const replyLayouts = new Map<number, BodyLayout>();

function replyLayout(bytes: Uint8Array, answers: number | undefined): BodyLayout {
  const operation = replyView.operation(bytes);
  const refused = replyView.status(bytes) !== 0;
  const isEmpty = bytes.length === replyHeader.size;
  if (operation === Operation.NonReplicated && !refused) {
    return isEmpty && isLogin(answers) ? idleLogin(answers) : responseLayout(answers);
  }
  const known =
    answers !== undefined && commandByCode(answers) === undefined ? -2 : (answers ?? -1);
  const key = ((known + 2) * 256 + operation) * 4 + (refused ? 2 : 0) + (isEmpty ? 1 : 0);
  let layout = known === -2 ? undefined : replyLayouts.get(key);
  if (layout === undefined) {
    layout = refused
      ? { ...rawBytes, command: commandOf(operation, answers) }
      : makeReplyLayout(operation, answers, !isEmpty);
    if (known !== -2) replyLayouts.set(key, layout);
  }
  return layout;
}

function makeReplyLayout(
  operation: number,
  answers: number | undefined,
  hasBody: boolean,
): BodyLayout {
  const isRegister = operation === Operation.Register;
  return {
    ...plain,
    name: isRegister ? 'login reply' : 'reply',
    codecs: [replyPayloadCodec(operation)].filter((codec) => codec !== undefined),
    resultFramed: isResultFramed(operation) || (isRegister && hasBody),
    command: commandOf(operation, answers),
  };
}

const clientForms: ReadonlyMap<number, number> = new Map([
  [Operation.CreateTopicWithAssignments, Operation.CreateTopic],
  [Operation.CreatePartitionsWithAssignments, Operation.CreatePartitions],
  [Operation.TruncatePartition, Operation.DeleteSegments],
]);

function commandOf(operation: number, answers: number | undefined): NamedCode | undefined {
  if (answers !== undefined) return namedCommand(answers);
  const code = commandCodeOfOperation(clientForms.get(operation) ?? operation);
  return code === undefined ? undefined : namedCommand(code);
}
