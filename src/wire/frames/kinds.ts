import type { Codec, StructShape } from '../schema/index.js';
import { Command } from './command.js';
import * as headers from './headers/index.js';

/** The header type of each kind of consensus frame. */
export interface HeaderTypes {
  readonly Request: headers.RequestHeader;
  readonly RoutedRequest: headers.RoutedRequestHeader;
  readonly Reply: headers.ReplyHeader;
  readonly Eviction: headers.EvictionHeader;
  readonly Prepare: headers.PrepareHeader;
  readonly RepairPrepare: headers.RepairPrepareHeader;
  readonly PrepareOk: headers.PrepareOkHeader;
  readonly Commit: headers.CommitHeader;
  readonly HeartbeatAnswer: headers.HeartbeatAnswerHeader;
  readonly StartViewChange: headers.StartViewChangeHeader;
  readonly DoViewChange: headers.DoViewChangeHeader;
  readonly StartView: headers.StartViewHeader;
  readonly RequestStartView: headers.RequestStartViewHeader;
  readonly RequestPrepares: headers.RequestPreparesHeader;
  readonly RepairRangeReply: headers.RepairRangeReplyHeader;
  readonly RequestStateTransfer: headers.RequestStateTransferHeader;
  readonly StateTransferTarget: headers.StateTransferTargetHeader;
  readonly RequestStateChunk: headers.RequestStateChunkHeader;
  readonly StateChunk: headers.StateChunkHeader;
  readonly ForwardRegister: headers.ForwardRegisterHeader;
  readonly ForwardRegisterResult: headers.ForwardRegisterResultHeader;
  readonly ForwardLogout: headers.ForwardLogoutHeader;
  readonly ForwardLogoutResult: headers.ForwardLogoutResultHeader;
  readonly ReplicaHello: headers.ReplicaHelloHeader;
  readonly ReplicaChallenge: headers.ReplicaChallengeHeader;
  readonly ReplicaFinish: headers.ReplicaFinishHeader;
  readonly PingPong: headers.PingHeader;
}

/** A kind of consensus frame: one per layout, so two commands may share one. */
export type FrameKind = keyof HeaderTypes;

/** A 256-byte header whose value is `T`. */
export interface HeaderCodec<T> extends Codec<T> {
  readonly size: number;
  readonly offsetOf: Readonly<Record<string, number>>;
  readonly fields: StructShape;
}

/** What is known about a kind of frame. */
export interface FrameSpec<K extends FrameKind = FrameKind> {
  readonly kind: K;
  readonly codec: HeaderCodec<HeaderTypes[K]>;
  /** The commands that use this layout; the first is written unless told otherwise. */
  readonly commands: readonly Command[];
  /** The header carries a seal over its bytes 16..256. */
  readonly sealed: boolean;
  /** One of ours that official nodes do not send. */
  readonly extension: boolean;
  readonly direction: string;
  readonly body: string;
}

type Traits = Partial<Pick<FrameSpec, 'sealed' | 'extension'>>;

function spec<K extends FrameKind>(
  kind: K,
  codec: HeaderCodec<HeaderTypes[K]>,
  commands: readonly Command[],
  [direction, body]: readonly [direction: string, body: string],
  { sealed = false, extension = false }: Traits = {},
): FrameSpec<K> {
  return { kind, codec, commands, sealed, extension, direction, body };
}

const sealed = { sealed: true } as const;
const none = 'none';
const suffix = 'prepare headers, from the head of the log downwards';

/** Every kind of consensus frame. */
export const frameSpecs: { readonly [K in FrameKind]: FrameSpec<K> } = {
  Request: spec(
    'Request',
    headers.requestHeader,
    [Command.Request],
    ['client to node', 'what the operation or the command code asks for'],
  ),
  RoutedRequest: spec(
    'RoutedRequest',
    headers.routedRequestHeader,
    [Command.Request],
    ['inside a server, node to node', 'as Request'],
  ),
  Reply: spec(
    'Reply',
    headers.replyHeader,
    [Command.Reply],
    ['node to client', 'the payload, behind a result section where the operation has one'],
  ),
  Eviction: spec('Eviction', headers.evictionHeader, [Command.Eviction], ['node to client', none]),
  Prepare: spec(
    'Prepare',
    headers.prepareHeader,
    [Command.Prepare],
    ['primary to backups', 'the replicated form of a request'],
  ),
  RepairPrepare: spec(
    'RepairPrepare',
    headers.repairPrepareHeader,
    [Command.RepairPrepare],
    ['any replica to one that lacks it', 'as the stored prepare'],
  ),
  PrepareOk: spec(
    'PrepareOk',
    headers.prepareOkHeader,
    [Command.PrepareOk],
    ['backup to primary', none],
    sealed,
  ),
  Commit: spec(
    'Commit',
    headers.commitHeader,
    [Command.Commit],
    ['primary to backups', none],
    sealed,
  ),
  HeartbeatAnswer: spec(
    'HeartbeatAnswer',
    headers.heartbeatAnswerHeader,
    [Command.Pong],
    ['backup to primary', none],
    { sealed: true, extension: true },
  ),
  StartViewChange: spec(
    'StartViewChange',
    headers.startViewChangeHeader,
    [Command.StartViewChange],
    ['replica to all', none],
    sealed,
  ),
  DoViewChange: spec(
    'DoViewChange',
    headers.doViewChangeHeader,
    [Command.DoViewChange],
    ['replica to all', suffix],
    sealed,
  ),
  StartView: spec(
    'StartView',
    headers.startViewHeader,
    [Command.StartView],
    ['primary to backups, or to one that asked', suffix],
    sealed,
  ),
  RequestStartView: spec(
    'RequestStartView',
    headers.requestStartViewHeader,
    [Command.RequestStartView],
    ['recovering replica to all', none],
    sealed,
  ),
  RequestPrepares: spec(
    'RequestPrepares',
    headers.requestPreparesHeader,
    [Command.RequestPrepares],
    ['replica with a gap to one peer', none],
    sealed,
  ),
  RepairRangeReply: spec(
    'RepairRangeReply',
    headers.repairRangeReplyHeader,
    [Command.RepairDone, Command.RangeEvicted],
    ['serving peer to requester', none],
    sealed,
  ),
  RequestStateTransfer: spec(
    'RequestStateTransfer',
    headers.requestStateTransferHeader,
    [Command.RequestStateTransfer],
    ['replica to primary', none],
    sealed,
  ),
  StateTransferTarget: spec(
    'StateTransferTarget',
    headers.stateTransferTargetHeader,
    [Command.StateTransferTarget],
    ['primary to requester', 'a state manifest, on an offer'],
    sealed,
  ),
  RequestStateChunk: spec(
    'RequestStateChunk',
    headers.requestStateChunkHeader,
    [Command.RequestStateChunk],
    ['requester to primary', none],
    sealed,
  ),
  StateChunk: spec(
    'StateChunk',
    headers.stateChunkHeader,
    [Command.StateChunk],
    ['primary to requester', 'bytes of the artifact'],
    sealed,
  ),
  ForwardRegister: spec(
    'ForwardRegister',
    headers.forwardRegisterHeader,
    [Command.ForwardRegister],
    ['backup to metadata primary', none],
    sealed,
  ),
  ForwardRegisterResult: spec(
    'ForwardRegisterResult',
    headers.forwardRegisterResultHeader,
    [Command.ForwardRegisterResult],
    ['metadata primary to backup', none],
    sealed,
  ),
  ForwardLogout: spec(
    'ForwardLogout',
    headers.forwardLogoutHeader,
    [Command.ForwardLogout],
    ['backup to metadata primary', none],
    sealed,
  ),
  ForwardLogoutResult: spec(
    'ForwardLogoutResult',
    headers.forwardLogoutResultHeader,
    [Command.ForwardLogoutResult],
    ['metadata primary to backup', none],
    sealed,
  ),
  ReplicaHello: spec(
    'ReplicaHello',
    headers.replicaHelloHeader,
    [Command.ReplicaHello],
    ['dialer to acceptor', none],
  ),
  ReplicaChallenge: spec(
    'ReplicaChallenge',
    headers.replicaChallengeHeader,
    [Command.ReplicaChallenge],
    ['acceptor to dialer', none],
  ),
  ReplicaFinish: spec(
    'ReplicaFinish',
    headers.replicaFinishHeader,
    [Command.ReplicaFinish],
    ['dialer to acceptor', none],
  ),
  PingPong: spec(
    'PingPong',
    headers.pingHeader,
    [Command.Ping, Command.Pong, Command.PingClient, Command.PongClient],
    ['nobody', none],
  ),
};
