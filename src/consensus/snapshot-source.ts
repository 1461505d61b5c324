import type { ClientTableImage } from './client-table/image.js';

/** Everything a checkpoint holds besides the state machine itself. */
export interface SnapshotContents {
  /** Checkpoint op: the last op whose effects are in the snapshot. */
  readonly op: number;
  /** Replicated timestamp of the entry at `op`, 0 when `op` is 0. */
  readonly timestamp: number;
  /** Prepare header of the entry at `op` with `view` zeroed; absent when `op` is 0 or unknown. */
  readonly commitHeader?: Uint8Array;
  readonly sessions: ClientTableImage;
}

/**
 * A state machine that can be written to and restored from one file. The bytes must depend on the
 * contents and the applied entries only: checkpoints for one op are identical on all replicas.
 */
export interface SnapshotSource {
  /** Encodes the applied state and the given contents; without the file's trailer. */
  encode(contents: SnapshotContents): Uint8Array;
  /** Reads a payload without changing anything. @throws an error of this package */
  decode(payload: Uint8Array): SnapshotContents;
  /**
   * Replaces the state by that of a payload and gives the rest of it back. All or nothing: when it
   * throws an error of this package, the state is as before.
   */
  restore(payload: Uint8Array): SnapshotContents;
}

/** One file of a partition offer. */
export interface TransferArtifact {
  /** 2 = segment log, 3 = consumer offsets. */
  readonly kind: number;
  /** Base offset of a segment; the offer's commit op for consumer offsets. */
  readonly frontier: number;
  readonly length: number;
  /** XXH3-64 of the bytes. */
  readonly checksum: bigint;
  /** Bytes `offset..offset + length` of the artifact. */
  read(offset: number, length: number): Uint8Array;
}

/** An artifact whose bytes were all received; its checksum is what they ought to have. */
export interface ReceivedArtifact {
  readonly kind: number;
  readonly frontier: number;
  readonly length: number;
  readonly checksum: bigint;
}

/** Partitions: state transfer by files instead of one snapshot. */
export interface ArtifactSource {
  /** Files that represent everything applied so far; `undefined` while they are being prepared. */
  offer(commitOp: number): readonly TransferArtifact[] | undefined;
  /** Prepares to receive the artifacts of an offer; what an earlier one left is forgotten. */
  receive(artifacts: readonly ReceivedArtifact[]): void;
  /** Takes the next bytes of an artifact, by its place in the offer; false = they cannot be kept. */
  received(artifact: number, bytes: Uint8Array): boolean;
  /** Whether the bytes of all artifacts are what their checksums say. */
  areIntact(): boolean;
  /** Nothing more will be received. */
  abandon(): void;
  /**
   * Starts replacing the partition's files by the received ones, durably and with the frontier
   * recorded first (by a `persist-frontier` event). An `installed` event tells how it ended.
   * @returns the next offset of the received state
   */
  install(commitOp: number): number;
}
