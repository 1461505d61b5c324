/** One node as announced to clients. Ports: 0 = the transport is off. */
export interface RosterNode {
  readonly name: string;
  /** Replica id; the leader's entry is found by it, whatever its position in the list. */
  readonly replica: number;
  /** Listener host; a wildcard is replaced by the local address of the asking connection. */
  readonly host: string;
  /** Announced instead of `host` when set. */
  readonly advertisedHost?: string;
  /** Addresses by client network; the longest matching prefix wins. */
  readonly selectors?: readonly RosterSelector[];
  readonly tcp: number;
  readonly quic: number;
  readonly http: number;
  readonly websocket: number;
}

/** The address to announce to clients of one network. */
export interface RosterSelector {
  /** `address/prefix length`, IPv4 or IPv6. */
  readonly cidr: string;
  readonly address: string;
}

/** Reply of get_cluster_metadata as configured: the full list, in order. */
export interface RosterConfig {
  readonly clusterName: string;
  readonly nodes: readonly RosterNode[];
}
