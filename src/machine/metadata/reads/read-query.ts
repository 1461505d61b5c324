/** A read of metadata after the connection's login was checked. */
export interface ReadQuery {
  /** Command code, such as 200 for get_stream. */
  readonly code: number;
  /** User the connection is bound to. */
  readonly userId: number;
  /** Client id the connection is bound to. */
  readonly client: bigint;
  readonly body: Uint8Array;
}
