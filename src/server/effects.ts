import type { Proposal } from '../consensus/index.js';

/** Severity of a log line. */
export type ServerLogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Values printed beside a log event; never a secret. */
export type ServerLogFields = Readonly<Record<string, string | number | boolean | bigint>>;

/** What the archive of a snapshot file shall contain. */
export interface SnapshotRequest {
  /** 1 stored, 2 deflate, 3 bzip2, 4 zstd, 5 lzma, 6 xz. */
  readonly compression: number;
  /** Section codes 1 to 6, expanded (100 never occurs here), without repeats. */
  readonly sections: readonly number[];
}

/** What the server asks its host to do. The host performs effects in list order. */
export type ServerEffect =
  | { readonly kind: 'send'; readonly connection: number; readonly frame: Uint8Array }
  /** Close after everything queued so far was flushed; a `closed` event follows. */
  | { readonly kind: 'close'; readonly connection: number }
  /** Stop or resume reading from the socket. */
  | { readonly kind: 'pause'; readonly connection: number; readonly paused: boolean }
  /** Hand a request to the local replica of the metadata group; an `outcome` event answers. */
  | { readonly kind: 'propose'; readonly proposal: Proposal }
  /** The same for the local replica of a partition's group (`stream << 32 | topic << 20 | partition`). */
  | { readonly kind: 'propose-partition'; readonly group: number; readonly proposal: Proposal }
  /** Ask a group for a confirmed read point; `group` is absent for the metadata group. */
  | { readonly kind: 'confirm-read'; readonly token: number; readonly group?: number }
  /** Hand one whole frame to the link towards another replica. */
  | { readonly kind: 'forward'; readonly replica: number; readonly frame: Uint8Array }
  /** Compare a password with a PHC string; `password-verified` answers. */
  | {
      readonly kind: 'verify-password';
      readonly job: number;
      readonly password: Uint8Array;
      readonly phc: string;
    }
  /** Hash a password; `password-hashed` answers. */
  | { readonly kind: 'hash-password'; readonly job: number; readonly password: Uint8Array }
  /** Build the archive of command 11; `snapshot-collected` answers. */
  | { readonly kind: 'collect-snapshot'; readonly job: number; readonly request: SnapshotRequest }
  | {
      readonly kind: 'log';
      readonly level: ServerLogLevel;
      readonly event: string;
      readonly fields: ServerLogFields;
    };
