import type { Endpoint } from './endpoint.js';
import type { SessionFailure } from './failure.js';

/** What is known about a request, for reports and error messages. */
export interface ExchangeReport {
  readonly code: number;
  /** Absent when nothing was encoded. */
  readonly request?: bigint;
  readonly session?: bigint;
  readonly endpoint?: Endpoint;
  readonly view?: number;
  /** How often the frame was sent again. */
  readonly retries: number;
  /** How many of those copies followed one that may have been applied. */
  readonly doubtful?: number;
}

/** A successful answer. Byte fields alias the received frame. */
export interface CallReply {
  /** Without the result section. */
  readonly payload: Uint8Array;
  /** The whole frame, absent on correlated connections. */
  readonly frame?: Uint8Array;
  readonly report: ExchangeReport;
  /** The mutation had been applied before, and its reply (which had no payload) is gone. */
  readonly alreadyApplied: boolean;
}

/** The result of a login. */
export interface SignedIn {
  readonly endpoint: Endpoint;
  readonly clientId: bigint;
  readonly session: bigint;
  readonly userId: number;
  /** Packed. */
  readonly serverProtocolVersion: number;
  readonly serverVersion: string;
  /** The same client id and request counter as before the connection was lost. */
  readonly resumed: boolean;
  /** What a server of ours tells about the entry of the client table. */
  readonly entry?: { readonly watermark: bigint; readonly origin: bigint };
}

export type CallOutcome =
  | { readonly ok: true; readonly kind: 'reply'; readonly reply: CallReply }
  | { readonly ok: true; readonly kind: 'signed-in'; readonly signedIn: SignedIn }
  | { readonly ok: true; readonly kind: 'done' }
  | { readonly ok: false; readonly failure: SessionFailure; readonly report: ExchangeReport };

/** Things worth telling that are not the answer to a call. */
export type SessionNotice =
  | { readonly kind: 'connected'; readonly endpoint: Endpoint }
  | { readonly kind: 'disconnected'; readonly endpoint: Endpoint; readonly reason: string }
  | { readonly kind: 'dial-failed'; readonly endpoint: Endpoint; readonly reason: string }
  | ({ readonly kind: 'signed-in' } & SignedIn)
  | { readonly kind: 'signed-out'; readonly reason: string }
  | { readonly kind: 'redirected'; readonly from: Endpoint; readonly to: Endpoint }
  | {
      readonly kind: 'retrying';
      readonly code: number;
      readonly request?: bigint;
      readonly reason: string;
    }
  | { readonly kind: 'heartbeat'; readonly ok: boolean; readonly reason?: string }
  | { readonly kind: 'warning'; readonly message: string }
  | { readonly kind: 'shutdown' };

/** What the driver of a session must do, in order. */
export type SessionEffect =
  /** Open a connection; answered by `opened` or `open-failed`. */
  | { readonly kind: 'dial'; readonly link: number; readonly endpoint: Endpoint }
  /** Drop a connection or an attempt to open one; nothing more is heard of it. */
  | { readonly kind: 'hang-up'; readonly link: number }
  | { readonly kind: 'send'; readonly link: number; readonly frame: Uint8Array }
  /** A frame came in; only told while the session is asked to trace. */
  | { readonly kind: 'received'; readonly link: number; readonly frame: Uint8Array }
  | { readonly kind: 'settle'; readonly call: number; readonly outcome: CallOutcome }
  | { readonly kind: 'notice'; readonly notice: SessionNotice };

/** Where the session stands, in the words of official clients. */
export type ConnectionState =
  | 'shutdown'
  | 'disconnected'
  | 'connecting'
  | 'connected'
  | 'authenticating'
  | 'authenticated';
