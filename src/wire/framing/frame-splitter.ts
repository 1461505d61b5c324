import { concatBytes, getU32 } from '../../base/index.js';
import { WireError } from '../errors.js';
import { type FamilyLayout, type FrameFamily, familyLayouts, frameSizeMax } from './family.js';

const firstCapacity = 512;
/** Pieces of a frame from this size on wait as they are until it is whole. */
const keptFrom = 8 * 1024;

/**
 * Cuts a byte stream into whole frames. Frames that lie within one chunk alias it, so chunks must
 * not be changed afterwards; others are put together once. It never holds more than twice the
 * bytes received for one unfinished frame, whatever length that frame announces.
 */
export class FrameSplitter {
  readonly #layout: FamilyLayout;
  readonly #limit: number;
  /** What came first of an unfinished frame, in large pieces. */
  #pieces: Uint8Array[] = [];
  #pieceBytes = 0;
  /** What came behind the pieces. */
  #held: Uint8Array = new Uint8Array(firstCapacity);
  #heldSize = 0;
  /** Size of the unfinished frame, 0 while it is unknown. */
  #wanted = 0;
  #error: WireError | undefined;

  constructor(family: FrameFamily = 'consensus', limit: number = frameSizeMax) {
    this.#layout = familyLayouts[family];
    this.#limit = limit;
  }

  /** WIRE_FRAME_SIZE once a length made no sense: from then on nothing can be read. */
  get error(): WireError | undefined {
    return this.#error;
  }

  /** Bytes of an unfinished frame. */
  get pending(): number {
    return this.#pieceBytes + this.#heldSize;
  }

  /** Takes the next bytes; gives the frames they complete, also those before an error. */
  push(chunk: Uint8Array): readonly Uint8Array[] {
    const frames: Uint8Array[] = [];
    let offset = 0;
    while (this.#error === undefined && offset < chunk.length) {
      offset =
        this.pending > 0 ? this.#fill(chunk, offset, frames) : this.#scan(chunk, offset, frames);
    }
    return frames;
  }

  /** Cuts frames straight out of the chunk; keeps what is left over. */
  #scan(chunk: Uint8Array, start: number, frames: Uint8Array[]): number {
    let offset = start;
    while (offset < chunk.length) {
      const size = this.#frameSize(chunk, offset, chunk.length - offset);
      if (this.#error !== undefined) return offset;
      const end = offset + size;
      if (size === 0 || end > chunk.length) {
        this.#wanted = size;
        this.#hold(chunk, offset, chunk.length);
        return chunk.length;
      }
      frames.push(end - offset === chunk.length ? chunk : chunk.subarray(offset, end));
      offset = end;
    }
    return offset;
  }

  /** Completes the unfinished frame, at first only as far as its length. */
  #fill(chunk: Uint8Array, start: number, frames: Uint8Array[]): number {
    const wanted = this.#wanted === 0 ? this.#layout.lengthAt + 4 : this.#wanted;
    const end = Math.min(chunk.length, start + wanted - this.pending);
    this.#hold(chunk, start, end);
    // A length that has just come in is judged at once.
    if (this.#wanted === 0) this.#wanted = this.#frameSize(this.#held, 0, this.#heldSize);
    if (this.#error === undefined && this.#wanted !== 0 && this.pending === this.#wanted) {
      frames.push(this.#release(this.#wanted));
    }
    return end;
  }

  /** Length of the frame, 0 while it is unknown. Sets the error when it is out of bounds. */
  #frameSize(bytes: Uint8Array, offset: number, available: number): number {
    const { lengthAt, uncounted, sizeMin } = this.#layout;
    if (available < lengthAt + 4) return 0;
    const size = getU32(bytes, offset + lengthAt) + uncounted;
    if (size >= sizeMin && size <= this.#limit) return size;
    const reason = `a frame of ${size} bytes is not within ${sizeMin}..${this.#limit}`;
    this.#error = new WireError('WIRE_FRAME_SIZE', reason, {
      size,
      min: sizeMin,
      max: this.#limit,
    });
    return 0;
  }

  #hold(chunk: Uint8Array, start: number, end: number): void {
    const added = end - start;
    // A piece that is a small part of its buffer would keep much more alive than was received.
    if (added >= keptFrom && 2 * added >= chunk.buffer.byteLength) {
      this.#endPiece();
      this.#keep(chunk.subarray(start, end));
      return;
    }
    const size = this.#heldSize + added;
    if (size > this.#held.length) {
      const roomy = Math.max(2 * added, size, 2 * this.#held.length);
      const most = this.#wanted === 0 ? roomy : this.#wanted - this.#pieceBytes;
      const larger = new Uint8Array(Math.min(roomy, most));
      larger.set(this.#held.subarray(0, this.#heldSize));
      this.#held = larger;
    }
    this.#held.set(chunk.subarray(start, end), this.#heldSize);
    this.#heldSize = size;
  }

  #keep(piece: Uint8Array): void {
    this.#pieces.push(piece);
    this.#pieceBytes += piece.length;
  }

  /** What was copied so far becomes a piece, so that pieces stay in order. */
  #endPiece(): void {
    if (this.#heldSize === 0) return;
    this.#keep(this.#held.subarray(0, this.#heldSize));
    this.#held = new Uint8Array(0);
    this.#heldSize = 0;
  }

  /** The completed frame; the buffer goes with it when it fits exactly. */
  #release(size: number): Uint8Array {
    this.#wanted = 0;
    if (this.#pieces.length > 0) return this.#join();
    const held = this.#held;
    this.#heldSize = 0;
    if (held.length === firstCapacity && size < firstCapacity) return held.slice(0, size);
    this.#held = new Uint8Array(firstCapacity);
    return held.length === size ? held : held.slice(0, size);
  }

  #join(): Uint8Array {
    this.#endPiece();
    const frame = concatBytes(this.#pieces);
    this.#pieces = [];
    this.#pieceBytes = 0;
    if (this.#held.length === 0) this.#held = new Uint8Array(firstCapacity);
    return frame;
  }
}
