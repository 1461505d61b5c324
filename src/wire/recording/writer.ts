import { emptyBytes, setU32 } from '../../base/index.js';
import {
  blockBytes,
  blockHeadBytes,
  blockRoom,
  encodePage,
  noRecord,
  pageBytes,
  sealBlock,
} from './blocks.js';

/** A ring needs one block to write, one that may be torn, and some that are whole. */
const blocksMin = 4;

/** Makes a recording out of records: blocks to be put at places of a file. */
export class RecordingWriter {
  readonly #put: (at: number, bytes: Uint8Array) => void;
  readonly #blockCount: number;
  readonly #block = new Uint8Array(blockBytes);
  readonly #length = new Uint8Array(4);
  #sequence = 0;
  #used = 0;
  #first = noRecord;
  #isDirty = false;

  /** @param put writes bytes, which are not to be kept, at a place of the file */
  constructor(options: {
    readonly limitBytes: number;
    readonly program: string;
    readonly put: (at: number, bytes: Uint8Array) => void;
  }) {
    const { limitBytes, program, put } = options;
    this.#put = put;
    this.#blockCount = Math.max(blocksMin, Math.floor((limitBytes - pageBytes) / blockBytes));
    put(0, encodePage({ blockCount: this.#blockCount, program }));
  }

  /** Bytes of records that fit before the oldest go. */
  get capacity(): number {
    return (this.#blockCount - 1) * blockRoom;
  }

  /** @param tail where the record goes on, so that large bytes need not be copied into it */
  add(record: Uint8Array, tail: Uint8Array = emptyBytes): void {
    if (this.#used === blockRoom) this.#next();
    if (this.#first === noRecord) this.#first = this.#used;
    setU32(this.#length, 0, record.length + tail.length);
    this.#append(this.#length);
    this.#append(record);
    this.#append(tail);
    this.#isDirty = true;
  }

  /** Puts what the block under way holds so far. */
  flush(): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    const head = { used: this.#used, sequence: this.#sequence, first: this.#first };
    sealBlock(this.#block, head);
    const place = pageBytes + (this.#sequence % this.#blockCount) * blockBytes;
    this.#put(place, this.#block.subarray(0, blockHeadBytes + this.#used));
  }

  #append(bytes: Uint8Array): void {
    for (let from = 0; from < bytes.length; ) {
      if (this.#used === blockRoom) this.#next();
      const part = bytes.subarray(from, from + blockRoom - this.#used);
      this.#block.set(part, blockHeadBytes + this.#used);
      this.#used += part.length;
      this.#isDirty = true;
      from += part.length;
    }
  }

  #next(): void {
    this.flush();
    this.#sequence += 1;
    this.#used = 0;
    this.#first = noRecord;
  }
}
