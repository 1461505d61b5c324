// The part of hash-wasm that holds XXH3 alone: a tenth of the whole, which start-up would pay for.
declare module 'hash-wasm/dist/xxhash3.umd.min.js' {
  import type { IHasher } from 'hash-wasm';

  // eslint-disable-next-line no-restricted-syntax -- awaited once, when xxh3.ts loads
  const hashWasm: { readonly createXXHash3: () => Promise<IHasher> };
  export default hashWasm;
}
