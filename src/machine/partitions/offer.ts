import { emptyBytes } from '../../base/index.js';
import { xxh3, xxh3Parts } from '../../wire/index.js';
import { encodeOffsetsArtifact } from './offsets-artifact.js';
import { logFile } from './partition-files.js';
import type { PartitionState } from './partition-state.js';
import type { PartitionStore } from './partition-store.js';
import type { Segment } from './segment.js';
import { writeTail } from './segment-writer.js';

/** Kinds of artifacts. @source Iggy consensus protocol, state manifest */
export const artifactKind = { segment: 2, offsets: 3 } as const;

/** One file of a partition as it is offered to a replica that lags behind. */
export interface OfferedArtifact {
  /** 2 = segment log, 3 = consumer offsets. */
  readonly kind: number;
  /** First offset of a segment; the offer's op for consumer offsets. */
  readonly frontier: number;
  readonly length: number;
  /** XXH3-64 of the bytes. */
  readonly checksum: bigint;
  /** Bytes `offset..offset + length`; fewer when the file is gone meanwhile. */
  read(offset: number, length: number): Uint8Array;
}

const windowBytes = 4 * 1024 * 1024;
/** Bytes hashed in one call; an offer of more takes several. */
const bytesPerRound = 256 * 1024 * 1024;

/** Builds offers; remembers checksums, because sealed segments do not change. */
export class OfferBuilder {
  readonly #state: PartitionState;
  readonly #checksums = new Map<number, { readonly length: number; readonly checksum: bigint }>();

  constructor(state: PartitionState) {
    this.#state = state;
  }

  /** Everything applied so far as files; `undefined` = not yet, ask again. */
  offer(commitOp: number): readonly OfferedArtifact[] | undefined {
    const state = this.#state;
    writeTail(state);
    if (state.log.tail.length > 0 || state.isHidden) return undefined;
    const segments = state.log.segments.filter((segment) => segment.written > 0);
    this.#forgetRemoved(segments);
    let hashed = 0;
    for (const segment of segments) {
      if (this.#checksums.get(segment.startOffset)?.length === segment.written) continue;
      if (hashed > 0 && hashed + segment.written > bytesPerRound) return undefined;
      hashed += segment.written;
      const checksum = checksumOf(state.config.store, segment);
      this.#checksums.set(segment.startOffset, { length: segment.written, checksum });
    }
    return [...segments.map((segment) => this.#segment(segment)), this.#offsets(commitOp)];
  }

  #segment({ startOffset, written }: Segment): OfferedArtifact {
    const { store } = this.#state.config;
    const file = logFile(startOffset);
    return {
      kind: artifactKind.segment,
      frontier: startOffset,
      length: written,
      checksum: this.#checksums.get(startOffset)?.checksum ?? 0n,
      read: (offset, length) => {
        const wanted = Math.min(length, written - offset);
        if (wanted <= 0) return emptyBytes;
        try {
          return store.read(file, offset, wanted);
        } catch {
          // Purged or expired since it was offered: whoever asks is told to ask for another offer.
          return emptyBytes;
        }
      },
    };
  }

  #offsets(commitOp: number): OfferedArtifact {
    const bytes = encodeOffsetsArtifact(this.#state);
    return {
      kind: artifactKind.offsets,
      frontier: commitOp,
      length: bytes.length,
      checksum: xxh3(bytes),
      read: (offset, length) => bytes.subarray(offset, offset + length),
    };
  }

  #forgetRemoved(segments: readonly Segment[]): void {
    const present = new Set(segments.map((segment) => segment.startOffset));
    for (const start of [...this.#checksums.keys()]) {
      if (!present.has(start)) this.#checksums.delete(start);
    }
  }
}

function checksumOf(store: PartitionStore, segment: Segment): bigint {
  return xxh3Parts(windowsOf(store, segment));
}

function* windowsOf(
  store: PartitionStore,
  { startOffset, written }: Segment,
): IterableIterator<Uint8Array> {
  for (let at = 0; at < written; at += windowBytes) {
    yield store.read(logFile(startOffset), at, Math.min(windowBytes, written - at));
  }
}
