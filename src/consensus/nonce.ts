import type { ReplicaState } from './state.js';

/** Names a repair or transfer: the boot incarnation and a counter, hence unique over restarts. */
export function nextNonce(r: ReplicaState): bigint {
  r.nonceCounter++;
  return (r.bootIncarnation << 64n) | r.nonceCounter;
}
