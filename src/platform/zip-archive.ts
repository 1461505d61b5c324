import { promisify } from 'node:util';
import { crc32, deflateRaw } from 'node:zlib';

/** One file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

const stored = 0;
const deflated = 8;
/** Names are UTF-8. */
const utf8Flag = 0x0800;
const version = 20;

const deflate = promisify(deflateRaw);

interface Packed {
  readonly name: Buffer;
  readonly method: number;
  readonly crc: number;
  readonly size: number;
  readonly data: Uint8Array;
}

/** A ZIP archive of the entries in order, compressed or not. */
export async function zipArchive(
  entries: readonly ZipEntry[],
  compression: 'stored' | 'deflate',
): Promise<Uint8Array> {
  const packed = await Promise.all(entries.map((entry) => pack(entry, compression)));
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const entry of packed) {
    const local = localHeader(entry);
    directory.push(centralHeader(entry, offset), entry.name);
    parts.push(local, entry.name, entry.data);
    offset += local.length + entry.name.length + entry.data.length;
  }
  const directoryBytes = Buffer.concat(directory);
  return Buffer.concat([...parts, directoryBytes, trailer(packed.length, directoryBytes, offset)]);
}

async function pack({ name, bytes }: ZipEntry, compression: string): Promise<Packed> {
  const isDeflated = compression === 'deflate' && bytes.length > 0;
  return {
    name: Buffer.from(name),
    method: isDeflated ? deflated : stored,
    crc: crc32(bytes),
    size: bytes.length,
    data: isDeflated ? await deflate(bytes) : bytes,
  };
}

function localHeader({ name, method, crc, size, data }: Packed): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x0403_4b50, 0);
  writeCommon(header, 4, { name, method, crc, size, data });
  return header;
}

function centralHeader(entry: Packed, offset: number): Buffer {
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x0201_4b50, 0);
  header.writeUInt16LE(version, 4);
  writeCommon(header, 6, entry);
  header.writeUInt32LE(offset, 42);
  return header;
}

/** The fields both headers share. The date is the format's first day: archives of equal content are equal. */
function writeCommon(header: Buffer, at: number, entry: Packed): void {
  header.writeUInt16LE(version, at);
  header.writeUInt16LE(utf8Flag, at + 2);
  header.writeUInt16LE(entry.method, at + 4);
  header.writeUInt16LE(0x21, at + 8);
  header.writeUInt32LE(entry.crc, at + 10);
  header.writeUInt32LE(entry.data.length, at + 14);
  header.writeUInt32LE(entry.size, at + 18);
  header.writeUInt16LE(entry.name.length, at + 22);
}

function trailer(count: number, directory: Buffer, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x0605_4b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}
