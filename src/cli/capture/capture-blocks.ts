import { concatBytes, encodeUtf8, getU32, setU16, setU32 } from '../../base/index.js';

const rawIp = 101;
const sectionType = 0x0a0d_0d0a;
const interfaceType = 1;
const packetType = 6;
const commentOption = 1;

/** What a capture file of the newer format begins with: raw IP packets, and a remark if there is one. */
export function captureStart(comment: string | undefined): Uint8Array {
  const options = comment === undefined ? new Uint8Array() : commentOf(comment);
  const section = new Uint8Array(16 + options.length);
  setU32(section, 0, 0x1a2b_3c4d);
  setU16(section, 4, 1);
  section.fill(0xff, 8, 16);
  section.set(options, 16);
  const description = new Uint8Array(8);
  setU16(description, 0, rawIp);
  return concatBytes([block(sectionType, section), block(interfaceType, description)]);
}

/** A record of the classic format, 16 bytes and a packet, as a block of the newer one. */
export function packetBlock(record: Uint8Array): Uint8Array {
  const packet = record.subarray(16);
  const micros = BigInt(getU32(record, 0)) * 1_000_000n + BigInt(getU32(record, 4));
  const head = new Uint8Array(20);
  setU32(head, 4, Number(micros >> 32n));
  setU32(head, 8, Number(micros & 0xffff_ffffn));
  setU32(head, 12, packet.length);
  setU32(head, 16, packet.length);
  return block(packetType, concatBytes([head, packet]));
}

function commentOf(text: string): Uint8Array {
  const bytes = encodeUtf8(text);
  const option = new Uint8Array(4 + padded(bytes.length) + 4);
  setU16(option, 0, commentOption);
  setU16(option, 2, bytes.length);
  option.set(bytes, 4);
  return option;
}

function block(type: number, body: Uint8Array): Uint8Array {
  const size = 12 + padded(body.length);
  const bytes = new Uint8Array(size);
  setU32(bytes, 0, type);
  setU32(bytes, 4, size);
  bytes.set(body, 8);
  setU32(bytes, size - 4, size);
  return bytes;
}

function padded(length: number): number {
  return (length + 3) & ~3;
}
