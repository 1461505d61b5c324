/** A typed observation of the core; the payload depends on `name`. */
export interface ReplicaTrace {
  /** For instance `PrepareQueued`, `PrepareAcked`, `OperationCommitted`, `ViewChangeStarted`. */
  readonly name: string;
  readonly fields: Readonly<Record<string, string | number | boolean | bigint>>;
}
