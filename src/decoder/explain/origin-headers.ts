import { once } from '../../base/index.js';
import { type Codec, Command, codec, genericHeader, type StructShape } from '../../wire/index.js';

// The headers of the proposal from which today's protocol grew. Its thirteen commands have the
// numbers they still have; what moved is where some fields stand. Made when first asked for, which is seldom.
// @source Iggy consensus protocol, the session registration proposal versus today

const { field, lenientReserved, struct, u32, u64, u128, u8 } = codec;

const size = 256;
const zero = (count: number) => field(lenientReserved(count), 'Zero.');
const operation = field(u8, 'The operation; numbers as today, without 2, 3, 64..68, 148, 149.');
const padding = zero(7);
const namespace = field(u64, 'Namespace: the consensus group of the operation, 0 = not given.');
const client = field(u128, 'Client id.');
const requestChecksum = field(u128, 'Checksum of the request body; 0 = not given.');

function layout<const S extends StructShape>(type: string, shape: S) {
  const { reservedCommand: _, ...prefix } = genericHeader.fields;
  return struct(type, { ...prefix, ...shape } as const, size);
}

/** A request: the namespace stands where today's session is. */
export const originRequest = once(() =>
  layout('OriginRequest', {
    client,
    requestChecksum,
    timestamp: field(u64, 'Microseconds since 1970.'),
    request: field(u64, 'Request number; 0 on a Register.'),
    operation,
    operationPadding: padding,
    namespace,
    session: field(u64, 'Session number; 0 on a Register.'),
    reserved: zero(56),
  }),
);

/** A reply: the namespace stands where today's status is. */
export const originReply = once(() =>
  layout('OriginReply', {
    requestChecksum,
    context: field(u128, 'Zero.'),
    client,
    op: field(u64, 'Committed op.'),
    commit: field(u64, 'Commit point.'),
    timestamp: field(u64, 'Time of the prepare, microseconds since 1970.'),
    request: field(u64, 'Request number.'),
    operation,
    operationPadding: padding,
    namespace,
    reserved: zero(32),
  }),
);

const originPrepare = once(() =>
  layout('OriginPrepare', {
    client,
    parent: field(u128, 'Checksum of the previous prepare.'),
    requestChecksum,
    op: field(u64, 'Position in the log.'),
    commit: field(u64, 'What the primary knew to be committed.'),
    timestamp: field(u64, 'Microseconds since 1970.'),
    request: field(u64, 'Request number.'),
    operation,
    operationPadding: padding,
    namespace,
    reserved: zero(32),
  }),
);

const prepareOk = once(() =>
  layout('OriginPrepareOk', {
    parent: field(u128, 'Copied from the prepare.'),
    prepareChecksum: field(u128, 'Checksum of the prepare.'),
    op: field(u64, 'The acknowledged op.'),
    commit: field(u64, 'What the backup knows to be committed.'),
    timestamp: field(u64, 'Copied from the prepare.'),
    request: field(u64, 'Copied from the prepare.'),
    operation,
    operationPadding: padding,
    namespace,
    reserved: zero(48),
  }),
);

const commit = once(() =>
  layout('OriginCommit', {
    commitChecksum: field(u128, 'Zero.'),
    timestampMonotonic: field(u64, 'Heartbeat counter.'),
    commit: field(u64, 'Commit point.'),
    checkpointOp: field(u64, 'Zero.'),
    namespace,
    reserved: zero(80),
  }),
);

const startViewChange = once(() =>
  layout('OriginStartViewChange', { namespace, reserved: zero(120) }),
);

const doViewChange = once(() =>
  layout('OriginDoViewChange', {
    op: field(u64, 'Head of the log of the sender.'),
    commit: field(u64, 'Commit point of the sender.'),
    namespace,
    logView: field(u32, 'The view in which the sender was last normal.'),
    reserved: zero(100),
  }),
);

const startView = once(() =>
  layout('OriginStartView', {
    op: field(u64, 'Head of the log of the new view.'),
    commit: field(u64, 'Commit point of the new view.'),
    namespace,
    reserved: zero(104),
  }),
);

/** Largest command number of the proposal. */
export const originLastCommand = 12;

/** A header structure of 256 bytes. */
type HeaderLayout = Codec<unknown> & { readonly size: number };

const layouts: ReadonlyMap<number, () => HeaderLayout> = new Map<number, () => HeaderLayout>([
  [Command.Request, originRequest],
  [Command.Prepare, originPrepare],
  [Command.PrepareOk, prepareOk],
  [Command.Reply, originReply],
  [Command.Commit, commit],
  [Command.StartViewChange, startViewChange],
  [Command.DoViewChange, doViewChange],
  [Command.StartView, startView],
]);

/** The header of a command in the proposal; the generic one for commands without fields. */
export function originHeader(command: number): HeaderLayout {
  return layouts.get(command)?.() ?? genericHeader;
}

const { name, optionalText, secret, text } = codec;
const clientId = field(u128, 'Client id.');
const version = field(optionalText(u32), 'Version of the client.');
const context = field(optionalText(u32), 'Free text about the client.');

/** Body of a Register with a password. */
export const originLogin = once(() =>
  struct('OriginLoginRegister', {
    client_id: clientId,
    username: field(name, 'User name.'),
    password: field(secret(text(u8)), 'Password in the clear.'),
    version,
    context,
  }),
);

/** Body of a Register with an access token. */
export const originTokenLogin = once(() =>
  struct('OriginLoginRegisterWithPat', {
    client_id: clientId,
    token: field(secret(text(u8)), 'Personal access token.'),
    version,
    context,
  }),
);

/** Answer to a Register. */
export const originLoginReply = once(() =>
  struct(
    'OriginLoginReply',
    {
      user_id: field(u32, 'User that logged in.'),
      session: field(u64, 'Session: op of the first Register of the client.'),
    },
    12,
  ),
);
