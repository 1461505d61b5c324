import { getU64, setU64 } from '../../../src/base/index.js';
import type {
  ArtifactSource,
  ReceivedArtifact,
  TransferArtifact,
} from '../../../src/consensus/index.js';
import { ArtifactKind, xxh3 } from '../../../src/wire/index.js';

/** The offsets of a partition in miniature as one file, and its copy on another replica. */
export class OffsetFiles implements ArtifactSource {
  /** An install that the host has to confirm. */
  isInstallDue = false;
  readonly #segments: number[];
  #checksum = 0n;
  #received: Uint8Array[] = [];

  constructor(segments: number[]) {
    this.#segments = segments;
  }

  offer(commitOp: number): readonly TransferArtifact[] {
    const bytes = new Uint8Array(8 * this.#segments.length);
    for (const [i, offset] of this.#segments.entries()) setU64(bytes, 8 * i, BigInt(offset + 1));
    return [
      {
        ...{ kind: ArtifactKind.SegmentLog, frontier: commitOp },
        ...{ length: bytes.length, checksum: xxh3(bytes) },
        read: (offset, length) => bytes.subarray(offset, offset + length),
      },
    ];
  }

  receive([file]: readonly ReceivedArtifact[]): void {
    this.#checksum = file?.checksum ?? 0n;
    this.#received = [];
  }

  received(_artifact: number, bytes: Uint8Array): boolean {
    this.#received.push(bytes.slice());
    return true;
  }

  areIntact(): boolean {
    return xxh3(Buffer.concat(this.#received)) === this.#checksum;
  }

  abandon(): void {
    this.#received = [];
  }

  install(): number {
    const bytes = Buffer.concat(this.#received);
    const offsets: number[] = [];
    for (let at = 0; at < bytes.length; at += 8) offsets.push(Number(getU64(bytes, at)) - 1);
    this.#segments.splice(0, this.#segments.length, ...offsets);
    this.isInstallDue = true;
    return offsets.length;
  }
}
