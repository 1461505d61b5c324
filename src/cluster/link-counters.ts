/** What passed over one directed link since the cluster started. */
export interface LinkCounters {
  /** Frames and bytes that the sender handed over, lost ones included. */
  frames: number;
  bytes: number;
  /** Frames that arrived; a repeated one counts twice. */
  delivered: number;
  /** Frames lost by a rule. */
  dropped: number;
  /** Frames for a node that was down. */
  undelivered: number;
  /** Frames that arrived later than they would have without a rule. */
  delayed: number;
  duplicated: number;
  reordered: number;
}

/** Counters of a link on which nothing has passed yet. */
export function newLinkCounters(): LinkCounters {
  return {
    ...{ frames: 0, bytes: 0, delivered: 0, dropped: 0 },
    ...{ undelivered: 0, delayed: 0, duplicated: 0, reordered: 0 },
  };
}
