/** What a started cluster says about itself: one JSON line, and the content of the ready file. */
export interface ReadyRecord {
  readonly kind: 'cluster.ready';
  readonly v: 1;
  readonly name: string;
  readonly pid: number;
  /** Path of the control socket, if there is one. */
  readonly control: string | null;
  readonly data_dir: string | null;
  readonly context: string | null;
  /** `0x` and the 32 hexadecimal digits of the number in headers. */
  readonly cluster_id: string;
  readonly view: number;
  readonly primary: number;
  readonly nodes: readonly ReadyNode[];
}

/** One node in the ready record; ports are those that are bound. */
export interface ReadyNode {
  readonly id: number;
  readonly tcp: number;
  /** `null` when the listener is off. */
  readonly correlated: number | null;
  readonly data_dir: string | null;
  readonly role: 'primary' | 'backup';
}
