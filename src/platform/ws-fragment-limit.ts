const maskBytes = 4;
const maskFlag = 0x80;
/** Values of the short length that say how many bytes of a longer one follow. */
const lengthOf16Bits = 126;
const lengthOf64Bits = 127;

/**
 * Follows the frames of a WebSocket stream by their headers, so that one that is too long is noticed
 * before it has arrived. One frame is a whole message, or a fragment of one.
 */
export class FragmentLimit {
  readonly #limit: number;
  readonly #header = Buffer.alloc(10);
  /** Bytes of a header that is not whole yet. */
  #held = 0;
  /** Bytes of the frame under way that are still to come. */
  #rest = 0;

  /** @param limit longest payload of a frame, bytes */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Looks at the next bytes; false once a frame is longer than allowed. */
  take(chunk: Uint8Array): boolean {
    let at = 0;
    while (at < chunk.length) {
      if (this.#rest > 0) {
        const skipped = Math.min(this.#rest, chunk.length - at);
        this.#rest -= skipped;
        at += skipped;
        continue;
      }
      this.#header[this.#held] = chunk[at] ?? 0;
      this.#held += 1;
      at += 1;
      const length = this.#payloadLength();
      if (length > this.#limit) return false;
      if (length < 0) continue;
      const isMasked = ((this.#header[1] ?? 0) & maskFlag) !== 0;
      this.#rest = length + (isMasked ? maskBytes : 0);
      this.#held = 0;
    }
    return true;
  }

  /** What the header says, -1 while it is not whole. */
  #payloadLength(): number {
    const header = this.#header;
    if (this.#held < 2) return -1;
    const length = (header[1] ?? 0) & ~maskFlag;
    if (length === lengthOf16Bits) return this.#held < 4 ? -1 : header.readUInt16BE(2);
    if (length === lengthOf64Bits) return this.#held < 10 ? -1 : Number(header.readBigUInt64BE(2));
    return length;
  }
}
