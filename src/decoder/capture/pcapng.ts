import { DecodeInputError } from '../errors.js';
import type { FormParser, FormSink } from '../forms/form.js';
import { RecordBuffer } from './record-buffer.js';

const sectionHeader = 0x0a0d0d0a;
const interfaceDescription = 1;
const oldPacket = 2;
const simplePacket = 3;
const enhancedPacket = 6;
const optionResolution = 9;
const optionOffset = 14;
const largestBlock = 1 << 24;

interface Interface {
  readonly linkType: number;
  readonly snapLength: number;
  /** Units per second of its timestamps. */
  readonly resolution: bigint;
  /** Seconds to add. */
  readonly offset: bigint;
}

/** A capture file of the newer format: sections of either byte order, several interfaces. */
export class PcapngParser implements FormParser {
  readonly #sink: FormSink;
  readonly #buffer = new RecordBuffer();
  #interfaces: Interface[] = [];
  #little = true;
  #offset = 0;
  /** Bytes of a block that holds no packet, still to be passed over. */
  #passOver = 0;

  constructor(sink: FormSink) {
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    this.#buffer.append(chunk);
    while (this.#readBlock());
  }

  end(): void {
    const present = this.#buffer.available;
    if (this.#passOver > 0) this.#sink.cutShort('capture block', present, this.#passOver);
    else if (present > 0) {
      const size = present < 8 ? 12 : this.#u32(this.#buffer.peek(8), 4);
      this.#sink.cutShort('capture block', present, Math.max(1, size - present));
    }
  }

  #readBlock(): boolean {
    if (this.#passOver > 0) {
      const passed = Math.min(this.#passOver, this.#buffer.available);
      this.#skip(passed);
      this.#passOver -= passed;
      if (this.#passOver > 0) return false;
    }
    if (this.#buffer.available < 12) return false;
    const start = this.#buffer.peek(12);
    // The type of a section header reads the same in both orders; the order follows it.
    if (viewOf(start).getUint32(0, true) === sectionHeader) this.#startSection(start);
    const type = this.#u32(start, 0);
    const size = this.#u32(start, 4);
    if (size < 12 || size % 4 !== 0) this.#fail(`block of ${size} bytes`);
    const matters = [interfaceDescription, oldPacket, simplePacket, enhancedPacket].includes(type);
    if (!matters) {
      this.#passOver = size;
      return true;
    }
    if (size > largestBlock) this.#fail(`block of ${size} bytes`);
    if (this.#buffer.available < size) return false;
    this.#handleBlock(type, this.#buffer.peek(size));
    this.#skip(size);
    return true;
  }

  #startSection(start: Uint8Array): void {
    const magic = viewOf(start).getUint32(8, true);
    if (magic !== 0x1a2b3c4d && magic !== 0x4d3c2b1a) this.#fail('unknown byte order mark');
    this.#little = magic === 0x1a2b3c4d;
    this.#interfaces = [];
  }

  #handleBlock(type: number, block: Uint8Array): void {
    if (type === interfaceDescription) this.#addInterface(block);
    else if (type === simplePacket) this.#simplePacket(block);
    else this.#packet(type, block);
  }

  #addInterface(block: Uint8Array): void {
    if (block.length < 20) this.#fail('interface block is too short');
    let resolution = 1_000_000n;
    let offset = 0n;
    const end = block.length - 4;
    for (let at = 16; at + 4 <= end; ) {
      const code = this.#u16(block, at);
      const length = this.#u16(block, at + 2);
      const inside = at + 4 + length <= end;
      if (code === optionResolution && length === 1 && inside) {
        const value = block[at + 4] ?? 6;
        resolution = value & 128 ? 2n ** BigInt(value & 127) : 10n ** BigInt(value);
      } else if (code === optionOffset && length === 8 && inside) {
        offset = viewOf(block).getBigInt64(at + 4, this.#little);
      }
      at += 4 + Math.ceil(length / 4) * 4;
    }
    const snapLength = this.#u32(block, 12);
    this.#interfaces.push({ linkType: this.#u16(block, 8), snapLength, resolution, offset });
  }

  #packet(type: number, block: Uint8Array): void {
    if (block.length < 32) this.#fail('packet block is too short');
    const number = type === oldPacket ? this.#u16(block, 8) : this.#u32(block, 8);
    const source = this.#interfaces[number];
    if (source === undefined) this.#fail(`packet of unknown interface ${number}`);
    const captured = this.#u32(block, 20);
    if (captured > block.length - 32) this.#fail(`packet of ${captured} bytes in a smaller block`);
    this.#sink.packet({
      linkType: source.linkType,
      timeMicros: this.#micros(source, this.#u32(block, 12), this.#u32(block, 16)),
      clockOnly: false,
      bytes: block.subarray(28, 28 + captured),
      originalLength: Math.max(captured, this.#u32(block, 24)),
    });
  }

  #simplePacket(block: Uint8Array): void {
    const source = this.#interfaces[0];
    if (source === undefined) this.#fail('packet of unknown interface 0');
    const originalLength = this.#u32(block, 8);
    const snap = source.snapLength === 0 ? originalLength : source.snapLength;
    const captured = Math.max(0, Math.min(originalLength, snap, block.length - 16));
    const bytes = block.subarray(12, 12 + captured);
    const { linkType } = source;
    this.#sink.packet({ linkType, timeMicros: undefined, clockOnly: false, bytes, originalLength });
  }

  /** Nothing where the clock of the interface makes it a time that no number holds exactly. */
  #micros(source: Interface, high: number, low: number): number | undefined {
    let micros = high * 2 ** 32 + low;
    if (source.resolution !== 1_000_000n || source.offset !== 0n) {
      const ticks = (BigInt(high) << 32n) | BigInt(low);
      micros = Number((ticks * 1_000_000n) / source.resolution + source.offset * 1_000_000n);
    }
    return Number.isSafeInteger(micros) ? micros : undefined;
  }

  #skip(size: number): void {
    this.#buffer.skip(size);
    this.#offset += size;
  }

  #fail(problem: string): never {
    throw new DecodeInputError(
      'INPUT_CAPTURE',
      `the capture file is damaged at offset ${this.#offset}: ${problem}`,
      { offset: this.#offset },
    );
  }

  #u16(bytes: Uint8Array, at: number): number {
    return viewOf(bytes).getUint16(at, this.#little);
  }

  #u32(bytes: Uint8Array, at: number): number {
    return viewOf(bytes).getUint32(at, this.#little);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
