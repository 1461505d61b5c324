import { fromHex } from '../../base/index.js';
import { moduleHex } from './xxh3-module.data.js';

/** XXH3, 64 bits, seed 0, default secret, of what lies in its memory; see scripts/xxh3. */
export interface Xxh3 {
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Hashes so many bytes of the input. */
  readonly hash: (length: number) => void;
  /** Starts a hash of more than 240 bytes. */
  readonly begin: () => void;
  /** Mixes in so many whole blocks, when more bytes follow them; at least one. */
  readonly blocks: (count: number) => void;
  /** Mixes in so many bytes, at least one, and ends a hash of `total` bytes. */
  readonly finish: (length: number, total: number) => void;
}

// The standard library's types leave this to those of browsers.
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => unknown;
  readonly Instance: new (module: unknown, imports: object) => { readonly exports: Xxh3 };
};

/** Made when something is hashed first, since many commands hash nothing. */
export function makeXxh3(): Xxh3 {
  return new WebAssembly.Instance(new WebAssembly.Module(fromHex(moduleHex)), {}).exports;
}
