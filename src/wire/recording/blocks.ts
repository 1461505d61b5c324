import { encodeUtf8, getU32, setU64 } from '../../base/index.js';
import { matchesXxh3, xxh3 } from '../checksum/index.js';
import { codec, decode, encode } from '../schema/index.js';
import { RecordingError } from './errors.js';
import { u53 } from './numbers.js';

const { bytes, field, reserved, struct, text, u8, u32, u64 } = codec;

/**
 * A recording is a page that says what it is, then a ring of blocks. The blocks' payloads, in the
 * order of their sequence numbers, are one stream of records behind their lengths (u32).
 */

/** Bytes in front of the first block. */
export const pageBytes = 4096;
/** Bytes of a block, its head included. */
export const blockBytes = 64 * 1024;
/** Bytes of a block's head. */
export const blockHeadBytes = 32;
/** Bytes of records in one block. */
export const blockRoom = blockBytes - blockHeadBytes;
/** Value of `first` in a block in which no record begins. */
export const noRecord = 0xffff_ffff;

const magic = encodeUtf8('IGGYINPT');
/** Counts every change of what a record holds: what was recorded in another form is not misread. */
const version = 2;
const blockMagic = 0x4b4c_4249;
const sumAt = pageBytes - 8;

const page = struct('RecordingPage', {
  magic: field(bytes(8), 'IGGYINPT.'),
  version: field(u32, 'Form of everything that follows.'),
  blockCount: field(u32, 'Blocks of the ring.'),
  program: field(text(u8), 'Name and version of the program that wrote it.'),
});

const blockHead = struct(
  'RecordingBlock',
  {
    checksum: field(u64, 'XXH3-64 of the rest of the head and the payload.'),
    magic: field(u32, 'IBLK.'),
    used: field(u32, 'Bytes of the payload.'),
    sequence: field(u53, 'Counts from 0; block n is at place n mod the number of blocks.'),
    first: field(u32, 'Where in the payload the first record begins.'),
    reserved: field(reserved(4), 'Zero.'),
  },
  blockHeadBytes,
);

/** What the first page says. */
export interface RecordingPage {
  readonly blockCount: number;
  readonly program: string;
}

/** The first page of a recording. */
export function encodePage({ blockCount, program }: RecordingPage): Uint8Array {
  const out = new Uint8Array(pageBytes);
  out.set(encode(page, { magic, version, blockCount, program }));
  setU64(out, sumAt, xxh3(out, 0, sumAt));
  return out;
}

/** Whether a file that begins like this is a recording, whole or not. */
export function isRecording(start: Uint8Array): boolean {
  return start.length >= magic.length && magic.every((byte, i) => start[i] === byte);
}

/** @throws RECORDING_FOREIGN, RECORDING_NEWER, RECORDING_OLDER, RECORDING_DAMAGED */
export function decodePage(file: Uint8Array): RecordingPage {
  if (!isRecording(file)) {
    throw new RecordingError('RECORDING_FOREIGN', 'this is no recording of a cluster');
  }
  const found = file.length < 12 ? version : getU32(file, 8);
  if (found !== version) {
    const text = `the recording has form ${found}, and this program reads form ${version}`;
    const code = found > version ? 'RECORDING_NEWER' : 'RECORDING_OLDER';
    throw new RecordingError(code, text, { version: found });
  }
  if (file.length < pageBytes || !matchesXxh3(file, sumAt, file, 0, sumAt)) {
    throw new RecordingError('RECORDING_DAMAGED', 'the first page of the recording is damaged');
  }
  return decode(page, file.subarray(0, sumAt), { allowTrailing: true });
}

/** Fills in the head of a block whose payload is in its place. */
export function sealBlock(
  block: Uint8Array,
  head: { readonly used: number; readonly sequence: number; readonly first: number },
): void {
  block.set(encode(blockHead, { checksum: 0n, magic: blockMagic, ...head }));
  setU64(block, 0, xxh3(block, 8, blockHeadBytes + head.used));
}

/** A block as it was read. */
export interface RecordingBlock {
  readonly sequence: number;
  readonly first: number;
  readonly payload: Uint8Array;
}

/** The block in these bytes, or `undefined` when it is not whole. */
export function openBlock(block: Uint8Array): RecordingBlock | undefined {
  if (block.length < blockHeadBytes) return undefined;
  const end = blockHeadBytes + getU32(block, blockHead.offsetOf.used);
  if (end > block.length || !matchesXxh3(block, 0, block, 8, end)) return undefined;
  const head = decode(blockHead, block.subarray(0, blockHeadBytes));
  if (head.magic !== blockMagic) return undefined;
  const { sequence, first } = head;
  return { sequence, first, payload: block.subarray(blockHeadBytes, end) };
}
