// Builds packets and capture files.

export interface TcpPacket {
  readonly from: readonly [address: string, port: number];
  readonly to: readonly [address: string, port: number];
  readonly sequence: number;
  readonly data?: Uint8Array;
  /** `S` SYN, `A` ACK, `F` FIN, `R` RST. */
  readonly flags?: string;
}

const flagBits: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16 };

function tcpSegment({ from, to, sequence, data, flags = 'A' }: TcpPacket): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(from[1], 0);
  header.writeUInt16BE(to[1], 2);
  header.writeUInt32BE(sequence >>> 0, 4);
  header.writeUInt8(5 << 4, 12);
  header.writeUInt8(
    [...flags].reduce((bits, flag) => bits | (flagBits[flag] ?? 0), 0),
    13,
  );
  header.writeUInt16BE(512, 14);
  return Buffer.concat([header, data ?? Buffer.alloc(0)]);
}

function addressBytes(text: string): Buffer {
  if (!text.includes(':')) return Buffer.from(text.split('.').map(Number));
  const [head = '', tail = ''] = text.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const middle = Array.from({ length: 8 - left.length - right.length }, () => '0');
  const bytes = Buffer.alloc(16);
  [...left, ...middle, ...right].forEach((group, at) => {
    bytes.writeUInt16BE(Number.parseInt(group, 16), at * 2);
  });
  return bytes;
}

/** An IPv4 or IPv6 packet, by the form of the addresses. */
export function ipPacket(packet: TcpPacket): Buffer {
  const segment = tcpSegment(packet);
  const source = addressBytes(packet.from[0]);
  const destination = addressBytes(packet.to[0]);
  if (source.length === 16) {
    const header = Buffer.alloc(8);
    header.writeUInt8(0x60, 0);
    header.writeUInt16BE(segment.length, 4);
    header.writeUInt8(6, 6);
    header.writeUInt8(64, 7);
    return Buffer.concat([header, source, destination, segment]);
  }
  const header = Buffer.alloc(12);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(20 + segment.length, 2);
  header.writeUInt16BE(0x4000, 6);
  header.writeUInt8(64, 8);
  header.writeUInt8(6, 9);
  return Buffer.concat([header, source, destination, segment]);
}

const etherType = (ip: Buffer): Buffer =>
  Buffer.from((ip[0] ?? 0) >> 4 === 4 ? [0x08, 0x00] : [0x86, 0xdd]);

/** How each link type wraps an IP packet. */
export const links = {
  ethernet: {
    linkType: 1,
    wrap: (ip: Buffer) => Buffer.concat([Buffer.alloc(12, 2), etherType(ip), ip]),
  },
  vlan: {
    linkType: 1,
    wrap: (ip: Buffer) =>
      Buffer.concat([
        ...[Buffer.alloc(12, 2), Buffer.from([0x81, 0x00, 0x00, 0x07]), etherType(ip), ip],
      ]),
  },
  qinq: {
    linkType: 1,
    wrap: (ip: Buffer) =>
      Buffer.concat([
        ...[Buffer.alloc(12, 2), Buffer.from([0x88, 0xa8, 0, 1, 0x81, 0x00, 0, 7])],
        ...[etherType(ip), ip],
      ]),
  },
  sll: {
    linkType: 113,
    wrap: (ip: Buffer) => Buffer.concat([Buffer.alloc(14), etherType(ip), ip]),
  },
  sll2: {
    linkType: 276,
    wrap: (ip: Buffer) => Buffer.concat([etherType(ip), Buffer.alloc(18), ip]),
  },
  null: {
    linkType: 0,
    wrap: (ip: Buffer) =>
      Buffer.concat([Buffer.from([(ip[0] ?? 0) >> 4 === 4 ? 2 : 30, 0, 0, 0]), ip]),
  },
  loop: {
    linkType: 108,
    wrap: (ip: Buffer) =>
      Buffer.concat([Buffer.from([0, 0, 0, (ip[0] ?? 0) >> 4 === 4 ? 2 : 24]), ip]),
  },
  raw: { linkType: 101, wrap: (ip: Buffer) => ip },
} as const;

export interface Captured {
  readonly bytes: Uint8Array;
  readonly timeMicros: number;
  /** Bytes on the wire, where the capture cut them. */
  readonly originalLength?: number;
}

export interface CaptureOptions {
  readonly linkType: number;
  readonly bigEndian?: boolean;
  readonly nanos?: boolean;
}

function writer(bigEndian: boolean) {
  return {
    u16: (value: number) => {
      const bytes = Buffer.alloc(2);
      if (bigEndian) bytes.writeUInt16BE(value);
      else bytes.writeUInt16LE(value);
      return bytes;
    },
    u32: (value: number) => {
      const bytes = Buffer.alloc(4);
      if (bigEndian) bytes.writeUInt32BE(value >>> 0);
      else bytes.writeUInt32LE(value >>> 0);
      return bytes;
    },
  };
}

/** A capture file in the classic format. */
export function pcapFile(packets: readonly Captured[], options: CaptureOptions): Buffer {
  const { u16, u32 } = writer(options.bigEndian ?? false);
  const magic = options.nanos === true ? 0xa1b23c4d : 0xa1b2c3d4;
  const header = [u32(magic), u16(2), u16(4), u32(0), u32(0), u32(262_144), u32(options.linkType)];
  const records = packets.map(({ bytes, timeMicros, originalLength = bytes.length }) => {
    const seconds = Math.floor(timeMicros / 1_000_000);
    const micros = timeMicros % 1_000_000;
    const fraction = options.nanos === true ? micros * 1000 + 7 : micros;
    const parts = [u32(seconds), u32(fraction), u32(bytes.length), u32(originalLength)];
    return Buffer.concat([...parts, bytes]);
  });
  return Buffer.concat([...header, ...records]);
}

/** A capture file of the newer format, with blocks that hold no packets in between. */
export function pcapngFile(packets: readonly Captured[], options: CaptureOptions): Buffer {
  const { u16, u32 } = writer(options.bigEndian ?? false);
  const block = (type: number, body: Buffer): Buffer => {
    const padded = Buffer.concat([body, Buffer.alloc((4 - (body.length % 4)) % 4)]);
    const size = padded.length + 12;
    return Buffer.concat([u32(type), u32(size), padded, u32(size)]);
  };
  const any = Buffer.alloc(8, 0xff);
  const section = block(0x0a0d0d0a, Buffer.concat([u32(0x1a2b3c4d), u16(1), u16(0), any]));
  const resolution = Buffer.concat([u16(9), u16(1), Buffer.from([9, 0, 0, 0])]);
  const description = [u16(options.linkType), u16(0), u32(0)];
  if (options.nanos === true) description.push(resolution, u16(0), u16(0));
  const interfaces = block(1, Buffer.concat(description));
  const statistics = block(5, Buffer.alloc(40, 7));
  const list = packets.map(({ bytes, timeMicros, originalLength = bytes.length }) => {
    const ticks = BigInt(timeMicros) * (options.nanos === true ? 1000n : 1n);
    const head = [u32(0), u32(Number(ticks >> 32n)), u32(Number(ticks & 0xffff_ffffn))];
    const sizes = [u32(bytes.length), u32(originalLength)];
    return block(6, Buffer.concat([...head, ...sizes, bytes]));
  });
  return Buffer.concat([section, interfaces, statistics, ...list, statistics]);
}
