/** Smaller batches are hashed faster than looked up, and may share a buffer with other bytes. */
const leastBytes = 16 * 1024;

interface Verified {
  readonly start: number;
  readonly length: number;
}

/**
 * Batches found intact, by the memory they lie in. Nodes of one process hand each other the very
 * same arrays, which nobody changes once they are sealed; hashing one for every node that sees it
 * would take longer than everything else that is done with it. Bytes from a socket, or read from a
 * disk, lie in memory of their own and are always hashed.
 */
const verified = new WeakMap<ArrayBufferLike, Verified>();

/** Notes that these bytes are an intact batch. */
export function rememberVerified(bytes: Uint8Array): void {
  if (bytes.length < leastBytes) return;
  verified.set(bytes.buffer, { start: bytes.byteOffset, length: bytes.length });
}

/** Whether exactly these bytes, in this place of memory, were found intact. */
export function wasVerified(bytes: Uint8Array, start = 0, end = bytes.length): boolean {
  if (end - start < leastBytes) return false;
  const known = verified.get(bytes.buffer);
  return known?.start === bytes.byteOffset + start && known.length === end - start;
}
