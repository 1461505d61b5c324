import type { CallReply } from '../session/index.js';
import type { CommandKey, RequestOf, ResponseOf } from '../wire/index.js';
import type { CallOptions } from './options.js';

/** Sends one command and gives its typed reply. */
export interface CommandCaller {
  call<N extends CommandKey>(
    name: N,
    request: RequestOf<N>,
    options?: CallOptions,
  ): Promise<ResponseOf<N>>;
}

/** A request as bytes. */
export interface RawRequest {
  /** Command code. */
  readonly code: number;
  readonly body: Uint8Array;
  /** The bytes in front of the body in its buffer may be used for a frame header. */
  readonly hasRoom?: boolean;
  /** Sends reads without a login too, for the server to judge. */
  readonly evenUnbound?: boolean;
}

/** Sends a request as bytes and gives the reply as bytes. */
export interface RawCaller {
  exchange(request: RawRequest, options: CallOptions): Promise<CallReply>;
}
