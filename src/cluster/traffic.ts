/** One end of a connection as it stands in a capture. */
export interface TrafficEnd {
  readonly address: string;
  readonly port: number;
}

/** Bytes on a connection of a local cluster, or its beginning or end. */
export interface Traffic {
  readonly kind: 'open' | 'bytes' | 'close';
  /** Microseconds since 1970. */
  readonly timeMicros: number;
  /** The end that sends, opens or closes. */
  readonly source: TrafficEnd;
  readonly target: TrafficEnd;
  /** Valid during the call only; empty unless `kind` is `bytes`. */
  readonly bytes: Uint8Array;
}

export type TrafficTap = (traffic: Traffic) => void;

/**
 * Links of one process have no addresses: in a capture every node is a host of its own, and every
 * directed link a connection of its own.
 */
export function linkEnds(from: number, to: number): { source: TrafficEnd; target: TrafficEnd } {
  return {
    source: { address: addressOf(from), port: 20_000 + to },
    target: { address: addressOf(to), port: replicaPort },
  };
}

const replicaPort = 8090;

function addressOf(node: number): string {
  return `10.0.0.${node + 1}`;
}

/** Cuts `host:port`, also of an address with colons. */
export function endOf(text: string): TrafficEnd {
  const at = text.lastIndexOf(':');
  const address = text.slice(0, at).replace(/^\[|\]$/g, '');
  return { address: address.replace(/^::ffff:/, ''), port: Number(text.slice(at + 1)) };
}
