import { DecodeInputError } from '../errors.js';
import type { FormParser, FormSink } from '../forms/form.js';
import { RecordBuffer } from './record-buffer.js';

const headerSize = 24;
const largestRecord = 1 << 24;

/** A capture file in the classic format, either byte order, microseconds or nanoseconds. */
export class PcapParser implements FormParser {
  readonly #sink: FormSink;
  readonly #buffer = new RecordBuffer();
  #offset = 0;
  #started = false;
  #little = true;
  #nanos = false;
  #recordHeader = 16;
  #linkType = 0;

  constructor(sink: FormSink) {
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    this.#buffer.append(chunk);
    if (!this.#started) {
      if (this.#buffer.available < headerSize) return;
      this.#readHeader(this.#buffer.peek(headerSize));
      this.#skip(headerSize);
      this.#started = true;
    }
    while (this.#readRecord());
  }

  end(): void {
    const present = this.#buffer.available;
    if (!this.#started) this.#sink.cutShort('capture header', present, headerSize - present);
    else if (present > 0) {
      const header = this.#recordHeader;
      const size = present < header ? header : header + this.#u32(this.#buffer.peek(header), 8);
      this.#sink.cutShort('capture record', present, size - present);
    }
  }

  #readHeader(header: Uint8Array): void {
    const view = viewOf(header);
    const magic = view.getUint32(0, true);
    const swapped = view.getUint32(0, false);
    this.#little = [0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34].includes(magic);
    const known = this.#little ? magic : swapped;
    if (![0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34].includes(known)) {
      throw new DecodeInputError('INPUT_CAPTURE', 'this is not a capture file (pcap)', {
        offset: 0,
      });
    }
    this.#nanos = known === 0xa1b23c4d;
    // A variant of old kernels puts eight more bytes before each packet.
    this.#recordHeader = known === 0xa1b2cd34 ? 24 : 16;
    this.#linkType = this.#u32(header, 20) & 0xffff;
  }

  #readRecord(): boolean {
    const headerLength = this.#recordHeader;
    if (this.#buffer.available < headerLength) return false;
    const header = this.#buffer.peek(headerLength);
    const captured = this.#u32(header, 8);
    if (captured > largestRecord) {
      throw new DecodeInputError(
        'INPUT_CAPTURE',
        `the capture file is damaged: record of ${captured} bytes at offset ${this.#offset}`,
        { offset: this.#offset },
      );
    }
    if (this.#buffer.available < headerLength + captured) return false;
    const fraction = this.#u32(header, 4);
    const micros = this.#nanos ? Math.floor(fraction / 1000) : fraction;
    this.#sink.packet({
      linkType: this.#linkType,
      timeMicros: this.#u32(header, 0) * 1_000_000 + micros,
      clockOnly: false,
      bytes: this.#buffer.peek(headerLength + captured).subarray(headerLength),
      originalLength: Math.max(captured, this.#u32(header, 12)),
    });
    this.#skip(headerLength + captured);
    return true;
  }

  #skip(size: number): void {
    this.#buffer.skip(size);
    this.#offset += size;
  }

  #u32(bytes: Uint8Array, at: number): number {
    return viewOf(bytes).getUint32(at, this.#little);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
