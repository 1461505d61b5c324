import { u16be, u32be } from './bytes-be.js';

/** Link types of capture files that this decoder opens. */
export const linkTypes = {
  ...{ null: 0, ethernet: 1, rawOld: 12, rawBsd: 14, raw: 101, loop: 108 },
  ...{ linuxSll: 113, ipv4: 228, ipv6: 229, linuxSll2: 276 },
} as const;

const etherIpv4 = 0x0800;
const etherIpv6 = 0x86dd;
const vlanTypes: readonly number[] = [0x8100, 0x88a8, 0x9100, 0x9200];
const addressFamilies: readonly number[] = [2, 10, 24, 28, 30];

/**
 * Where the IP header of a packet begins: an offset, -1 when the packet carries something else,
 * or undefined for a link type that is not known here.
 */
export function ipOffset(bytes: Uint8Array, linkType: number): number | undefined {
  switch (linkType) {
    case linkTypes.ethernet:
      return afterEtherType(bytes, 12);
    case linkTypes.linuxSll:
      return afterEtherType(bytes, 14);
    case linkTypes.linuxSll2:
      return afterSll2(bytes);
    case linkTypes.null:
    case linkTypes.loop:
      return afterFamily(bytes);
    case linkTypes.raw:
    case linkTypes.rawOld:
    case linkTypes.rawBsd:
    case linkTypes.ipv4:
    case linkTypes.ipv6:
      return ipVersionAt(bytes, 0) ? 0 : -1;
    default:
      return undefined;
  }
}

/** True when an IPv4 or IPv6 header can begin at `at`. */
export function ipVersionAt(bytes: Uint8Array, at: number): boolean {
  const version = (bytes[at] ?? 0) >> 4;
  return version === 4 || version === 6;
}

/** Follows VLAN tags, which put another type behind themselves. */
function afterEtherType(bytes: Uint8Array, start: number): number {
  let at = start;
  while (vlanTypes.includes(u16be(bytes, at)) && at + 4 < bytes.length) at += 4;
  const type = u16be(bytes, at);
  return type === etherIpv4 || type === etherIpv6 ? at + 2 : -1;
}

function afterSll2(bytes: Uint8Array): number {
  const type = u16be(bytes, 0);
  if (type === etherIpv4 || type === etherIpv6) return 20;
  if (!vlanTypes.includes(type)) return -1;
  const at = afterEtherType(bytes, 22);
  return at;
}

/** The family is in the byte order of the machine that captured, which the file does not tell. */
function afterFamily(bytes: Uint8Array): number {
  const big = u32be(bytes, 0);
  const little = ((big >>> 24) | ((big >>> 8) & 0xff00) | ((big << 8) & 0xff0000)) >>> 0;
  const known = addressFamilies.includes(big) || addressFamilies.includes(little);
  return known && ipVersionAt(bytes, 4) ? 4 : -1;
}
