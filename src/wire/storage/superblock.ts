import {
  getU16,
  getU32,
  getU64,
  getU64Number,
  getU128,
  setU16,
  setU32,
  setU64,
  setU64Number,
  setU128,
  zeroedBytes,
} from '../../base/index.js';
import { xxh3 } from '../checksum/index.js';
import { invalid, WireError } from '../errors.js';
import { matchesIdentity, prepareHeaderBytes } from './prepare-entry.js';

/** Magic number of a superblock file. */
export const superblockMagic = 0x5342_4c4b;
const formatVersion = 1;
const headBytes = 28;
const overheadBytes = headBytes + 8;
const officialBytes = 66;
const legacyBytes = 58;
const ownBytes = 75;
const payloadMax = 36_864;
const viewHeadersMax = 128;

/** Durable consensus state of one replica in one group. */
export interface SuperblockRecord {
  readonly cluster: bigint;
  readonly replica: number;
  readonly replicaCount: number;
  readonly view: number;
  readonly logView: number;
  readonly commitMax: number;
  readonly checkpointOp: number;
  readonly checkpointChecksum: bigint;
  /** Next offset a partition would mint; 0 on metadata. */
  readonly offsetFrontier: number;
  /** Highest op whose bytes may be lost here without a lawful reason; official records: absent. */
  readonly lostUpTo?: number;
  /** Prepare headers of the log of `logView`, highest op first; official records: absent. */
  readonly viewHeaders?: readonly Uint8Array[];
}

/** One superblock file: a record and its place in the sequence of writes. */
export interface SuperblockSlot {
  readonly sequence: number;
  readonly record: SuperblockRecord;
}

/** Bytes of a superblock file. Always in our, longer form. */
export function encodeSuperblock(slot: SuperblockSlot): Uint8Array {
  const { record } = slot;
  const headers = record.viewHeaders ?? [];
  if (headers.length > viewHeadersMax) {
    throw new WireError('WIRE_TOO_LARGE', 'a superblock holds at most 128 view headers', {
      size: headers.length,
      max: viewHeadersMax,
    });
  }
  const length = ownBytes + prepareHeaderBytes * headers.length;
  const file = zeroedBytes(overheadBytes + length);
  setU32(file, 0, superblockMagic);
  setU16(file, 4, formatVersion);
  setU64Number(file, 8, slot.sequence);
  setU32(file, 24, length);
  writePayload(file.subarray(headBytes, headBytes + length), record, headers);
  setU64(file, headBytes + length, xxh3(file, 0, headBytes + length));
  return file;
}

function writePayload(
  payload: Uint8Array,
  record: SuperblockRecord,
  headers: readonly Uint8Array[],
): void {
  setU128(payload, 0, record.cluster);
  payload[16] = record.replica;
  payload[17] = record.replicaCount;
  setU32(payload, 18, record.view);
  setU32(payload, 22, record.logView);
  setU64Number(payload, 26, record.commitMax);
  setU64Number(payload, 34, record.checkpointOp);
  setU128(payload, 42, record.checkpointChecksum);
  setU64Number(payload, 58, record.offsetFrontier);
  setU64Number(payload, 66, record.lostUpTo ?? 0);
  payload[74] = headers.length;
  headers.forEach((header, i) => {
    payload.set(header.subarray(0, prepareHeaderBytes), ownBytes + prepareHeaderBytes * i);
  });
}

/**
 * Reads a superblock file of either kind.
 * @throws WIRE_INVALID (`details.reason`: `magic`, `version`, `length`, `checksum`, `view`,
 *   `header`), WIRE_TRUNCATED
 */
export function decodeSuperblock(file: Uint8Array): SuperblockSlot {
  if (file.length < overheadBytes) refuse('length', 'a superblock file has at least 36 bytes');
  if (getU32(file, 0) !== superblockMagic) refuse('magic', 'not a superblock file');
  if (getU16(file, 4) !== formatVersion) {
    refuse('version', `superblock format ${getU16(file, 4)} is not known`);
  }
  const length = getU32(file, 24);
  if (length > payloadMax || file.length !== overheadBytes + length) {
    refuse('length', 'the length of the superblock file and of its payload disagree');
  }
  const end = headBytes + length;
  if (getU64(file, end) !== xxh3(file, 0, end)) refuse('checksum', 'the superblock is damaged');
  const record = readPayload(file.subarray(headBytes, end));
  return { sequence: getU64Number(file, 8), record };
}

function readPayload(payload: Uint8Array): SuperblockRecord {
  const isOfficial = payload.length === officialBytes || payload.length === legacyBytes;
  if (!isOfficial && !isOwnLength(payload)) {
    refuse('length', `no superblock payload has ${payload.length} bytes`);
  }
  const record = {
    cluster: getU128(payload, 0),
    replica: payload[16] ?? 0,
    replicaCount: payload[17] ?? 0,
    view: getU32(payload, 18),
    logView: getU32(payload, 22),
    commitMax: getU64Number(payload, 26),
    checkpointOp: getU64Number(payload, 34),
    checkpointChecksum: getU128(payload, 42),
    offsetFrontier: payload.length === legacyBytes ? 0 : getU64Number(payload, 58),
  };
  if (record.logView > record.view) refuse('view', 'the log view is above the view');
  if (isOfficial) return record;
  const viewHeaders = readViewHeaders(payload);
  return { lostUpTo: getU64Number(payload, 66), viewHeaders, ...record };
}

function isOwnLength(payload: Uint8Array): boolean {
  const count = payload[74] ?? 0;
  return count <= viewHeadersMax && payload.length === ownBytes + prepareHeaderBytes * count;
}

function readViewHeaders(payload: Uint8Array): Uint8Array[] {
  const headers: Uint8Array[] = [];
  let above = Number.POSITIVE_INFINITY;
  for (let at = ownBytes; at < payload.length; at += prepareHeaderBytes) {
    const header = payload.slice(at, at + prepareHeaderBytes);
    const op = getU64Number(header, 176);
    if (op >= above || !matchesIdentity(header)) {
      refuse('header', `view header ${headers.length} of the superblock is not valid`);
    }
    above = op;
    headers.push(header);
  }
  return headers;
}

function refuse(reason: string, message: string): never {
  throw invalid(message, { reason });
}
