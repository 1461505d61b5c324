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
