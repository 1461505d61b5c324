/** Links between the replicas of one cluster: best effort, unordered across links, may lose frames. */
export interface ReplicaLinks {
  /** Hands one whole frame to the link towards `replica`. The bytes are not changed afterwards. */
  send(replica: number, frame: Uint8Array): void;
  /** Whether a frame handed over now can leave. */
  isUp(replica: number): boolean;
}

/** Sockets of clients, as the server sees them. */
export interface ClientLinks {
  /** Queues one whole frame for the connection; a gone connection is ignored. */
  send(connection: number, frame: Uint8Array): void;
  /** Closes after everything queued so far was flushed. */
  close(connection: number): void;
  /** Stops or resumes reading from the connection's socket (back-pressure). */
  pause(connection: number, paused: boolean): void;
  /** Bytes sent that the peer's socket did not take yet; 0 for a gone connection. */
  queuedBytes(connection: number): number;
}
