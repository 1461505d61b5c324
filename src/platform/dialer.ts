/** Where the events of a connection we opened go. */
export interface DialHandler {
  /** Called once, when bytes can be sent. */
  opened(): void;
  /** Bytes of the stream, in any cut. The chunk is the handler's. */
  data(chunk: Uint8Array): void;
  /** Called once, last; also when the connection could not be opened. */
  closed(reason: string): void;
}

/** A connection we open, or have opened. */
export interface DialledSocket {
  /** Hands bytes over in order; they are sent as soon as the connection is open. */
  send(frame: Uint8Array): void;
  /** Drops the connection at once; the handler hears nothing more. */
  close(): void;
}

/** Opens connections to nodes; one implementation per transport. */
export interface Dialer {
  /** Port of a node's roster entry that this transport uses. */
  readonly rosterPort: 'tcp' | 'websocket';
  dial(endpoint: { readonly host: string; readonly port: number }, to: DialHandler): DialledSocket;
}

/** How to check the server on an encrypted connection. */
export interface DialTls {
  /** Name in the server's certificate; the dialled host if absent. */
  readonly serverName?: string;
  /** PEM text of the accepted authorities; the public ones if absent. */
  readonly ca?: string;
  /** File with that text. */
  readonly caFile?: string;
  /** Accepts any certificate. */
  readonly insecure?: boolean;
}
