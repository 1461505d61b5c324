import { encodeUtf8, getU32, writeUtf8 } from '../../base/index.js';

const chunkSize = 1 << 18;
const digits = '0123456789abcdef';
/** Both digits of a byte as they lie in memory, so that one store writes them. */
const hexPairs = new Uint16Array(256);
for (let byte = 0; byte < 256; byte++) {
  hexPairs[byte] = (digits.charCodeAt(byte >> 4) << 8) | digits.charCodeAt(byte & 15);
}

/** Text that needs no escape. */
const plainText = /^[ !#-[\]-~]*$/;
/** From here on, encoding a text as a whole is faster than byte by byte. */
const longText = 24;

const quote = 0x22;
const backslash = 0x5c;

/**
 * Writes JSON as UTF-8 bytes, without strings in between, and hands them on in chunks: frames of
 * a stream are turned into text as fast as this, and a huge one needs no memory for its text.
 */
export class JsonBytes {
  readonly #out: (chunk: Uint8Array) => void;
  readonly #bytes = new Uint8Array(chunkSize);
  readonly #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** @param out - takes chunks; they are valid during the call only. */
  constructor(out: (chunk: Uint8Array) => void) {
    this.#out = out;
  }

  flush(): void {
    if (this.#length === 0) return;
    const chunk = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    this.#out(chunk);
  }

  /** Bytes that are JSON already. */
  raw(bytes: Uint8Array): void {
    if (bytes.length > chunkSize) {
      this.flush();
      this.#out(bytes);
      return;
    }
    this.#room(bytes.length);
    const out = this.#bytes;
    let at = this.#length;
    // Calling `set` costs more than copying a short name does.
    if (bytes.length <= 48) for (let i = 0; i < bytes.length; i++) out[at++] = bytes[i] ?? 0;
    else {
      out.set(bytes, at);
      at += bytes.length;
    }
    this.#length = at;
  }

  /** Short ASCII text that is JSON already. */
  ascii(text: string): void {
    this.#room(text.length);
    const bytes = this.#bytes;
    let at = this.#length;
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
    this.#length = at;
  }

  byte(code: number): void {
    this.#room(1);
    this.#bytes[this.#length++] = code;
  }

  /** A string value, escaped. */
  string(text: string): void {
    if (text.length > 4096 || (text.length >= longText && !plainText.test(text))) {
      this.raw(encodeUtf8(JSON.stringify(text)));
      return;
    }
    this.#room(text.length + 2);
    const bytes = this.#bytes;
    let at = this.#length;
    bytes[at++] = quote;
    if (text.length >= longText) {
      at += writeUtf8(bytes, at, text);
    } else {
      let plain = true;
      for (let i = 0; i < text.length; i++) {
        const code = text.charCodeAt(i);
        if (code < 0x20 || code > 0x7e || code === quote || code === backslash) plain = false;
        bytes[at++] = code;
      }
      if (!plain) {
        this.raw(encodeUtf8(JSON.stringify(text)));
        return;
      }
    }
    bytes[at++] = quote;
    this.#length = at;
  }

  /** UTF-8 bytes as a string value, escaped. The caller made sure that they are UTF-8. */
  utf8(bytes: Uint8Array): void {
    this.byte(quote);
    for (const code of bytes) {
      if (code < 0x20) this.ascii(`\\u00${digits[code >> 4] ?? ''}${digits[code & 15] ?? ''}`);
      else {
        if (code === quote || code === backslash) this.byte(backslash);
        this.byte(code);
      }
    }
    this.byte(quote);
  }

  /** A non-negative safe integer. */
  integer(value: number): void {
    if (value < 10) {
      this.byte(0x30 + value);
      return;
    }
    this.#room(16);
    const out = this.#bytes;
    let at = this.#length + digitsOf(value);
    this.#length = at;
    let rest = value;
    while (rest > 0xffff_ffff) {
      const tenth = Math.floor(rest / 10);
      out[--at] = 0x30 + (rest - tenth * 10);
      rest = tenth;
    }
    // From here on in 32-bit integers.
    let low = rest >>> 0;
    while (low >= 10) {
      const tenth = (low / 10) >>> 0;
      out[--at] = 0x30 + (low - tenth * 10);
      low = tenth;
    }
    out[--at] = 0x30 + low;
  }

  /** The u64 at `at`, as a string of decimal digits. */
  u64(bytes: Uint8Array, at: number): void {
    const low = getU32(bytes, at);
    const high = getU32(bytes, at + 4);
    this.byte(quote);
    if (high <= 0x1f_ffff) this.integer(high * 0x1_0000_0000 + low);
    else this.ascii(((BigInt(high) << 32n) | BigInt(low)).toString());
    this.byte(quote);
  }

  /** The u128 at `at`, as a string: `0x` and 32 digits. */
  hex128(bytes: Uint8Array, at: number): void {
    this.#room(36);
    const out = this.#bytes;
    let to = this.#length;
    out[to++] = quote;
    out[to++] = 0x30;
    out[to++] = 0x78;
    for (let i = at + 15; i >= at; i--) {
      this.#view.setUint16(to, hexPairs[bytes[i] ?? 0] ?? 0);
      to += 2;
    }
    out[to++] = quote;
    this.#length = to;
  }

  /** Hexadecimal digits of `bytes[start..end)`, without quotes. */
  hex(bytes: Uint8Array, start: number, end: number): void {
    const most = chunkSize / 2;
    for (let from = start; from < end; from += most) {
      const to = Math.min(end, from + most);
      this.#room(2 * (to - from));
      const view = this.#view;
      let at = this.#length;
      for (let i = from; i < to; i++) {
        view.setUint16(at, hexPairs[bytes[i] ?? 0] ?? 0);
        at += 2;
      }
      this.#length = at;
    }
  }

  #room(size: number): void {
    if (this.#length + size > chunkSize) this.flush();
  }
}

/** Decimal digits of a positive safe integer. */
function digitsOf(value: number): number {
  let count = 1;
  for (let bound = 10; value >= bound; bound *= 10) count++;
  return count;
}

const fragments = new Map<string, Uint8Array>();
const mostFragments = 4096;

/** `"name":` as bytes; names of fields are few, so each is encoded once. */
export function keyBytes(name: string): Uint8Array {
  let bytes = fragments.get(name);
  if (bytes === undefined) {
    bytes = encodeUtf8(`${JSON.stringify(name)}:`);
    if (fragments.size < mostFragments) fragments.set(name, bytes);
  }
  return bytes;
}

const members = new Map<string, Uint8Array>();

/** `,"name":` as bytes, for a member that is not the first. */
export function memberBytes(name: string): Uint8Array {
  let bytes = members.get(name);
  if (bytes === undefined) {
    bytes = encodeUtf8(`,${JSON.stringify(name)}:`);
    if (members.size < mostFragments) members.set(name, bytes);
  }
  return bytes;
}

/** True when `bytes` are well-formed UTF-8. */
export function isUtf8(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at] ?? 0;
    const tail = lead < 0x80 ? 0 : tailLength(lead, bytes[at + 1] ?? 0);
    if (tail < 0 || at + tail >= bytes.length) return false;
    for (let k = 1; k <= tail; k++) if (((bytes[at + k] ?? 0) & 0xc0) !== 0x80) return false;
    at += 1 + tail;
  }
  return true;
}

/** Bytes that follow a lead byte, or -1 when the two cannot stand together. */
function tailLength(lead: number, second: number): number {
  if (lead < 0xc2 || lead > 0xf4) return -1;
  if (lead < 0xe0) return 1;
  // Not in their shortest form, surrogates, or above the last code point.
  if (lead === 0xe0 && second < 0xa0) return -1;
  if (lead === 0xed && second > 0x9f) return -1;
  if (lead === 0xf0 && second < 0x90) return -1;
  if (lead === 0xf4 && second > 0x8f) return -1;
  return lead < 0xf0 ? 2 : 3;
}
