import { setU128 } from '../../base/index.js';
import type { Framing, TransportKind } from '../events.js';
import { FrameQueue } from './frame-queue.js';

/** A connection's place in the client table: whose session its requests speak for. */
export interface Binding {
  readonly userId: number;
  readonly clientId: bigint;
  /** The client id as it stands in a header. */
  readonly clientBytes: Uint8Array;
  /** Commit op of the Register, also called fence epoch. */
  readonly session: number;
  /** A newer Register of the client id happened on another connection of this node. */
  fenced: boolean;
  /** The client table no longer knows the session; logging in again starts a new one. */
  lost: boolean;
  /** A logout of the session was proposed and its outcome is not known: it may still commit. */
  mayEnd: boolean;
  /** A request with another client id or session was already reported. */
  mismatchReported: boolean;
}

/** What a client told about itself at its last accepted login. */
export interface SdkIdentity {
  readonly name: string;
  readonly version: string;
  readonly protocolVersion: number;
}

/** Everything the server keeps about one transport connection. */
export class Connection {
  readonly id: number;
  /** Node index in the high 16 bits, sequence number in the low ones. */
  readonly transportId: bigint;
  readonly address: string;
  readonly localAddress: string;
  readonly transport: TransportKind;
  readonly framing: Framing;
  readonly queue: FrameQueue = new FrameQueue();
  binding: Binding | undefined;
  sdk: SdkIdentity | undefined;
  /** The client announced that it resumes its identity after a reconnect. */
  announcedResume = false;
  /** Tick of the last frame with a valid header. */
  lastHeardTick: number;
  /** A request that must be answered before the next one is looked at. */
  busy = false;
  /** Waits in the list of connections whose next frame may be taken. */
  ready = false;
  paused = false;
  /** Metadata proposals of this connection without an outcome. */
  proposals = 0;
  /** Session to end once nothing of it is in flight any more: its client is gone, or silent. */
  endWhenIdle: Binding | undefined;
  /** We asked for the socket to be closed; further frames are ignored. */
  closing = false;
  /** The socket is gone; only outstanding work still knows this record. */
  gone = false;

  constructor(options: {
    readonly id: number;
    readonly node: number;
    readonly address: string;
    readonly localAddress: string;
    readonly transport: TransportKind;
    readonly framing: Framing;
    readonly tick: number;
  }) {
    this.id = options.id;
    this.transportId = (BigInt(options.node) << 112n) | BigInt(options.id);
    this.address = options.address;
    this.localAddress = options.localAddress;
    this.transport = options.transport;
    this.framing = options.framing;
    this.lastHeardTick = options.tick;
  }

  /** The binding when it speaks for a live session. */
  get bound(): Binding | undefined {
    const binding = this.binding;
    return binding === undefined || binding.fenced ? undefined : binding;
  }
}

export function createBinding(userId: number, clientId: bigint, session: number): Binding {
  const clientBytes = new Uint8Array(16);
  setU128(clientBytes, 0, clientId);
  return {
    userId,
    clientId,
    clientBytes,
    session,
    fenced: false,
    lost: false,
    mayEnd: false,
    mismatchReported: false,
  };
}
