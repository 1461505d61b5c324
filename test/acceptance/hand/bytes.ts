// Bytes by hand: nothing here comes from the encoders under test.
import { createXXHash3, createXXHash32 } from 'hash-wasm';

const xxh3 = await createXXHash3();
const xxh32 = await createXXHash32();

/** XXH3-64, seed 0. */
export function hash64(bytes: Uint8Array): bigint {
  return BigInt(`0x${xxh3.init().update(bytes).digest('hex')}`);
}

/** XXH32, seed 0. */
export function hash32(bytes: Uint8Array | string): number {
  return Number.parseInt(xxh32.init().update(bytes).digest('hex'), 16);
}

export const u8 = (value: number): Buffer => Buffer.from([value]);

export function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

export function u64(value: bigint | number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
}

/** Length byte and text: names, passwords, tokens. */
export const text8 = (text: string): Buffer =>
  Buffer.concat([u8(Buffer.byteLength(text)), Buffer.from(text)]);

/** Identifier of a number or a name. */
export const ident = (id: number | string): Buffer =>
  typeof id === 'number'
    ? Buffer.concat([Buffer.from([1, 4]), u32(id)])
    : Buffer.concat([u8(2), text8(id)]);

/** Reads fields one after the other. */
export class Reader {
  readonly bytes: Buffer;
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  u8(): number {
    return this.bytes.readUInt8(this.#skip(1));
  }

  u16(): number {
    return this.bytes.readUInt16LE(this.#skip(2));
  }

  u32(): number {
    return this.bytes.readUInt32LE(this.#skip(4));
  }

  f32(): number {
    return this.bytes.readFloatLE(this.#skip(4));
  }

  u64(): bigint {
    return this.bytes.readBigUInt64LE(this.#skip(8));
  }

  /** A u64 that is small. */
  count(): number {
    return Number(this.u64());
  }

  raw(length: number): Buffer {
    const from = this.#skip(length);
    return this.bytes.subarray(from, from + length);
  }

  text8(): string {
    return this.raw(this.u8()).toString();
  }

  text32(): string {
    return this.raw(this.u32()).toString();
  }

  /** `count` records, one after the other. */
  times<T>(count: number, read: (reader: this) => T): T[] {
    return Array.from({ length: count }, () => read(this));
  }

  /** Records to the end. */
  all<T>(read: (reader: this) => T): T[] {
    const records: T[] = [];
    while (!this.isAtEnd) records.push(read(this));
    return records;
  }

  #skip(length: number): number {
    const from = this.at;
    if (from + length > this.bytes.length) throw new Error(`the body ends at ${this.bytes.length}`);
    this.at += length;
    return from;
  }
}
