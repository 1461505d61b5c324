import { BootRefusedError } from '../boot-refused.js';

/**
 * The op a snapshot stands for: third element of the MessagePack array it is. Read without decoding
 * the rest, which belongs to the state machine.
 * @throws BOOT_REFUSED when the payload does not begin like a snapshot
 */
export function snapshotOp(payload: Uint8Array): number {
  const start = arrayHeaderBytes(payload[0] ?? 0);
  let offset = start;
  let value = 0;
  for (let i = 0; i < 3; i++) {
    const length = uintBytes(payload[offset]);
    if (start === 0 || length < 0 || offset + 1 + length > payload.length) {
      throw new BootRefusedError('snapshot_unreadable', 'the snapshot has no op', { offset });
    }
    value = readUint(payload, offset, length);
    offset += 1 + length;
  }
  if (Number.isSafeInteger(value)) return value;
  throw new BootRefusedError('snapshot_unreadable', 'the op of the snapshot is too large', {});
}

function arrayHeaderBytes(marker: number): number {
  if (marker >> 4 === 0x9) return 1;
  return marker === 0xdc ? 3 : 0;
}

/** Bytes after the marker of an unsigned integer, -1 for anything else. */
function uintBytes(marker: number | undefined): number {
  if (marker === undefined) return -1;
  if (marker < 0x80) return 0;
  return marker >= 0xcc && marker <= 0xcf ? 1 << (marker - 0xcc) : -1;
}

/** MessagePack writes most significant bytes first. */
function readUint(bytes: Uint8Array, offset: number, length: number): number {
  if (length === 0) return bytes[offset] ?? 0;
  let value = 0;
  for (let i = 1; i <= length; i++) value = value * 256 + (bytes[offset + i] ?? 0);
  return value;
}
