import { u16be } from './bytes-be.js';
import { readTcpHeader, tcpInIp } from './ip.js';
import { ipOffset, ipVersionAt, linkTypes } from './link.js';

const candidates: readonly number[] = [
  ...[linkTypes.raw, linkTypes.ethernet, linkTypes.linuxSll],
  ...[linkTypes.linuxSll2, linkTypes.null],
];

/**
 * The link type under which `bytes` are an IP packet with a TCP segment whose declared length fits
 * what is there, or undefined. Text dumps of packets do not name their link type.
 */
export function guessLinkType(bytes: Uint8Array): number | undefined {
  return candidates.find((linkType) => {
    const at = ipOffset(bytes, linkType);
    if (at === undefined || at < 0 || !ipVersionAt(bytes, at)) return false;
    return isConsistent(bytes, at);
  });
}

/** True when `bytes` are a whole packet rather than the bytes of a stream. */
export function looksLikePacket(bytes: Uint8Array): boolean {
  return guessLinkType(bytes) !== undefined;
}

function isConsistent(bytes: Uint8Array, at: number): boolean {
  const payload = tcpInIp(bytes, at, bytes.length);
  if (typeof payload === 'string') return payload === 'not-tcp' && isOtherIp(bytes, at);
  if (readTcpHeader(bytes, payload.start) === undefined) return false;
  // Padding of short Ethernet frames may follow; a capture may also have cut the packet.
  return payload.end >= payload.start + 20 && payload.end + 60 >= bytes.length;
}

/** UDP, ICMP and the like: a packet too, only not one to decode. */
function isOtherIp(bytes: Uint8Array, at: number): boolean {
  if ((bytes[at] ?? 0) >> 4 === 6) return u16be(bytes, at + 4) + 40 === bytes.length - at;
  const total = u16be(bytes, at + 2);
  return total >= 20 && total <= bytes.length - at && total + 60 >= bytes.length - at;
}
