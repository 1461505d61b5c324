import { concatBytes, setU16, setU32 } from '../../../base/index.js';
import { endOf, type TrafficEnd } from '../../../cluster/index.js';

const rawIp = 101;
const flag = { fin: 1, syn: 2, push: 8, ack: 16 } as const;
/** Payload of one packet; larger pieces are cut, since an IP packet counts its bytes in 16 bits. */
const largestPayload = 32 * 1024;

/** What a capture file begins with: classic format, microseconds, raw IP packets. */
export function captureHeader(): Uint8Array {
  const header = new Uint8Array(24);
  setU32(header, 0, 0xa1b2c3d4);
  setU16(header, 4, 2);
  setU16(header, 6, 4);
  setU32(header, 16, 0x40000);
  setU32(header, 20, rawIp);
  return header;
}

/** The two ends of a connection. */
export interface FlowEnds {
  readonly client: TrafficEnd;
  readonly server: TrafficEnd;
}

/** The two ends of a flow as the decoder names it: `client:port-server:port`. */
export function endsOf(flow: string): FlowEnds {
  const at = flow.lastIndexOf('-');
  return { client: endOf(flow.slice(0, at)), server: endOf(flow.slice(at + 1)) };
}

/** Turns bytes on connections into TCP packets as a capture file holds them. */
export class PacketMaker {
  /** Next sequence number of each direction of each connection. */
  readonly #sequences = new Map<string, number>();

  /** The first packets of a connection. */
  open(timeMicros: number, source: TrafficEnd, target: TrafficEnd): readonly Uint8Array[] {
    this.#sequences.set(keyOf(source, target), 1);
    this.#sequences.set(keyOf(target, source), 1);
    return [
      record(timeMicros, packet(source, target, { sequence: 0, flags: flag.syn })),
      record(timeMicros, packet(target, source, { sequence: 0, flags: flag.syn | flag.ack })),
    ];
  }

  /**
   * Bytes of a connection whose beginning was not told. It is made up: without it a reader has to guess
   * from the ports who the client is.
   */
  exchange(
    timeMicros: number,
    { client, server }: FlowEnds,
    isReply: boolean,
    bytes: Uint8Array,
  ): readonly Uint8Array[] {
    const isKnown = this.#sequences.has(keyOf(client, server));
    const opening = isKnown ? [] : this.open(timeMicros, client, server);
    const [source, target] = isReply ? [server, client] : [client, server];
    return [...opening, ...this.data(timeMicros, source, target, bytes)];
  }

  /** Bytes that one end of an open connection sends. */
  data(
    timeMicros: number,
    source: TrafficEnd,
    target: TrafficEnd,
    bytes: Uint8Array,
  ): readonly Uint8Array[] {
    const records: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += largestPayload) {
      const payload = bytes.subarray(at, at + largestPayload);
      const sequence = this.#advance(source, target, payload.length);
      const flags = flag.push | flag.ack;
      records.push(record(timeMicros, packet(source, target, { sequence, flags, payload })));
    }
    return records;
  }

  /** The last packet of a connection. */
  close(timeMicros: number, source: TrafficEnd, target: TrafficEnd): Uint8Array {
    const flags = flag.fin | flag.ack;
    const ends = [
      packet(source, target, { sequence: this.#advance(source, target, 1), flags }),
      packet(target, source, { sequence: this.#advance(target, source, 1), flags }),
    ];
    this.#sequences.delete(keyOf(source, target));
    this.#sequences.delete(keyOf(target, source));
    return concatBytes(ends.map((each) => record(timeMicros, each)));
  }

  #advance(source: TrafficEnd, target: TrafficEnd, bytes: number): number {
    const key = keyOf(source, target);
    const sequence = this.#sequences.get(key) ?? 1;
    this.#sequences.set(key, (sequence + bytes) >>> 0);
    return sequence;
  }
}

function keyOf(source: TrafficEnd, target: TrafficEnd): string {
  return `${source.address} ${source.port} ${target.address} ${target.port}`;
}

function record(timeMicros: number, bytes: Uint8Array): Uint8Array {
  const header = new Uint8Array(16);
  setU32(header, 0, Math.floor(timeMicros / 1_000_000));
  setU32(header, 4, timeMicros % 1_000_000);
  setU32(header, 8, bytes.length);
  setU32(header, 12, bytes.length);
  return concatBytes([header, bytes]);
}

interface Segment {
  readonly sequence: number;
  readonly flags: number;
  readonly payload?: Uint8Array;
}

function packet(source: TrafficEnd, target: TrafficEnd, segment: Segment): Uint8Array {
  const tcp = new DataView(new ArrayBuffer(20));
  tcp.setUint16(0, source.port);
  tcp.setUint16(2, target.port);
  tcp.setUint32(4, segment.sequence);
  tcp.setUint8(12, 5 << 4);
  tcp.setUint8(13, segment.flags);
  tcp.setUint16(14, 0xffff);
  const payload = segment.payload ?? new Uint8Array(0);
  const addresses = [source, target].map(({ address }) => addressBytes(address));
  const length = 20 + payload.length;
  const isV6 = addresses.some((each) => each.length === 16);
  const header = isV6 ? headerV6(length) : headerV4(length);
  return concatBytes([header, ...addresses, new Uint8Array(tcp.buffer), payload]);
}

/** The part before the addresses. */
function headerV4(length: number): Uint8Array {
  const header = new DataView(new ArrayBuffer(12));
  header.setUint8(0, 0x45);
  header.setUint16(2, 20 + length);
  header.setUint16(6, 0x4000);
  header.setUint8(8, 64);
  header.setUint8(9, 6);
  return new Uint8Array(header.buffer);
}

function headerV6(length: number): Uint8Array {
  const header = new DataView(new ArrayBuffer(8));
  header.setUint8(0, 0x60);
  header.setUint16(4, length);
  header.setUint8(6, 6);
  header.setUint8(7, 64);
  return new Uint8Array(header.buffer);
}

function addressBytes(text: string): Uint8Array {
  if (!text.includes(':')) return new Uint8Array(text.split('.').map(Number));
  const [head = '', tail] = text.split('::');
  const groups = (part: string) => (part === '' ? [] : part.split(':'));
  const [left, right] = [groups(head), groups(tail ?? '')];
  const middle = Array.from({ length: 8 - left.length - right.length }, () => '0');
  const view = new DataView(new ArrayBuffer(16));
  for (const [at, group] of [...left, ...middle, ...right].entries()) {
    view.setUint16(at * 2, Number.parseInt(group, 16));
  }
  return new Uint8Array(view.buffer);
}
