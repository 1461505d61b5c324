/** Bytes kept for one group, and for all of them. */
const groupBytesMax = 4 * 1024 * 1024;
const totalBytesMax = 16 * 1024 * 1024;

interface Parked {
  readonly frames: { readonly from: number; readonly frame: Uint8Array }[];
  bytes: number;
}

/**
 * Frames of groups that are not there yet: a peer may have made a partition a little earlier. They are
 * best effort, so whatever exceeds the budget is dropped.
 */
export class ParkedFrames {
  readonly #groups = new Map<number, Parked>();
  #bytes = 0;
  /** Frames dropped for want of room. */
  dropped = 0;

  park(group: number, from: number, frame: Uint8Array): void {
    const parked = this.#groups.get(group) ?? { frames: [], bytes: 0 };
    const size = frame.length;
    if (parked.bytes + size > groupBytesMax || this.#bytes + size > totalBytesMax) {
      this.dropped += 1;
      return;
    }
    parked.frames.push({ from, frame });
    parked.bytes += size;
    this.#bytes += size;
    this.#groups.set(group, parked);
  }

  /** Gives the frames of a group back, in order, and forgets them. */
  take(group: number): Parked['frames'] {
    const parked = this.#groups.get(group);
    if (parked === undefined) return [];
    this.#groups.delete(group);
    this.#bytes -= parked.bytes;
    return parked.frames;
  }

  /** Forgets groups that metadata does not know. */
  keepOnly(isKnown: (group: number) => boolean): void {
    for (const group of [...this.#groups.keys()]) {
      if (!isKnown(group)) this.dropped += this.take(group).length;
    }
  }
}
