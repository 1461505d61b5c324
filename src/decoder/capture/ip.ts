import { u16be, u32be } from './bytes-be.js';

const protocolTcp = 6;
/** Hop-by-hop, routing, destination options, mobility: eight-byte units. */
const ipv6Extensions: readonly number[] = [0, 43, 60, 135];
const ipv6Fragment = 44;
const ipv6Authentication = 51;

/** Where the TCP segment of an IP packet lies, with the addresses as raw bytes. */
export interface IpPayload {
  readonly source: Uint8Array;
  readonly destination: Uint8Array;
  readonly start: number;
  /** End of the segment as the header declares it; may lie behind what was captured. */
  readonly end: number;
}

/** Why a packet has no TCP segment for us. */
export type NoTcp = 'not-tcp' | 'fragment' | 'damaged';

/** Finds the TCP segment in the IP packet at `at`. `length` is the packet's length on the wire. */
export function tcpInIp(bytes: Uint8Array, at: number, length: number): IpPayload | NoTcp {
  return (bytes[at] ?? 0) >> 4 === 4 ? tcpInIpv4(bytes, at, length) : tcpInIpv6(bytes, at, length);
}

function tcpInIpv4(bytes: Uint8Array, at: number, length: number): IpPayload | NoTcp {
  const headerSize = ((bytes[at] ?? 0) & 15) * 4;
  if (headerSize < 20 || at + headerSize > bytes.length) return 'damaged';
  if (bytes[at + 9] !== protocolTcp) return 'not-tcp';
  const fragment = u16be(bytes, at + 6);
  if ((fragment & 0x3fff) !== 0) return 'fragment';
  const total = u16be(bytes, at + 2);
  if (total !== 0 && total < headerSize) return 'damaged';
  return {
    source: bytes.subarray(at + 12, at + 16),
    destination: bytes.subarray(at + 16, at + 20),
    start: at + headerSize,
    // Hardware that splits segments itself leaves the total length zero.
    end: total === 0 ? length : at + total,
  };
}

function tcpInIpv6(bytes: Uint8Array, at: number, length: number): IpPayload | NoTcp {
  if (at + 40 > bytes.length) return 'damaged';
  const payload = u16be(bytes, at + 4);
  let next = bytes[at + 6] ?? 0;
  let start = at + 40;
  for (;;) {
    if (next === protocolTcp) break;
    if (next === ipv6Fragment) {
      const isFragment = (u16be(bytes, start + 2) & 0xfff9) !== 0;
      if (isFragment) return 'fragment';
      next = bytes[start] ?? 0;
      start += 8;
    } else if (next === ipv6Authentication) {
      next = bytes[start] ?? 0;
      start += ((bytes[start + 1] ?? 0) + 2) * 4;
    } else if (ipv6Extensions.includes(next)) {
      next = bytes[start] ?? 0;
      start += ((bytes[start + 1] ?? 0) + 1) * 8;
    } else return 'not-tcp';
    if (start > bytes.length) return 'damaged';
  }
  return {
    source: bytes.subarray(at + 8, at + 24),
    destination: bytes.subarray(at + 24, at + 40),
    start,
    end: payload === 0 ? length : at + 40 + payload,
  };
}

/** An address in its usual notation. */
export function formatAddress(address: Uint8Array): string {
  if (address.length === 4) return address.join('.');
  const mapped =
    address.subarray(0, 10).every((byte) => byte === 0) && u16be(address, 10) === 0xffff;
  if (mapped) return `::ffff:${address.subarray(12).join('.')}`;
  return formatIpv6(Array.from({ length: 8 }, (_, at) => u16be(address, 2 * at)));
}

/** The longest run of at least two zero groups is written `::`. */
function formatIpv6(groups: readonly number[]): string {
  let best = { start: -1, length: 1 };
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length += 1;
    if (length > best.length) best = { start, length };
  }
  const text = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  if (best.start < 0) return text(groups);
  return `${text(groups.slice(0, best.start))}::${text(groups.slice(best.start + best.length))}`;
}

/** The fields of a TCP header that reassembly needs. */
export interface TcpHeader {
  readonly sourcePort: number;
  readonly destinationPort: number;
  readonly sequence: number;
  readonly acknowledged: number;
  readonly flags: number;
  /** Offset of the data, from the start of the segment. */
  readonly dataOffset: number;
}

/** TCP flags. */
export const tcpFlags = { fin: 1, syn: 2, rst: 4, ack: 16 } as const;

/** Reads the TCP header at `at`, or undefined when it was not captured whole or makes no sense. */
export function readTcpHeader(bytes: Uint8Array, at: number): TcpHeader | undefined {
  if (at + 20 > bytes.length) return undefined;
  const dataOffset = ((bytes[at + 12] ?? 0) >> 4) * 4;
  if (dataOffset < 20) return undefined;
  return {
    sourcePort: u16be(bytes, at),
    destinationPort: u16be(bytes, at + 2),
    sequence: u32be(bytes, at + 4),
    acknowledged: u32be(bytes, at + 8),
    flags: bytes[at + 13] ?? 0,
    dataOffset,
  };
}
