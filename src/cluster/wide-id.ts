import { bigToHex } from '../base/index.js';

/** A number of 128 bits as results show it: `0x` and 32 hexadecimal digits. */
export function wideId(value: bigint): string {
  return `0x${bigToHex(value, 32)}`;
}
