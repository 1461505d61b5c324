import { getU128, setU32, setU64, setU128 } from '../../base/index.js';
import { headerSize, requestHeader, xxh3 } from '../../wire/index.js';
import { usageError } from '../cli-error.js';

/** Ways to spoil a request frame. */
export const corruptions = [
  ...['checksum', 'body', 'size', 'command', 'operation', 'reserved', 'session', 'request'],
] as const;
export type Corruption = (typeof corruptions)[number];

const at = requestHeader.offsetOf;
const noCommand = 200;
const noOperation = 250;
const tooSmall = 255;

/** The frame with one thing wrong. @throws CliError E_USAGE when there is nothing to spoil */
export function corrupted(frame: Uint8Array, how: string): Uint8Array {
  const bytes = frame.slice();
  switch (how) {
    case 'checksum':
      setU128(bytes, at.requestChecksum, stampOf(bytes) ^ 1n);
      break;
    case 'body':
      if (bytes.length === headerSize) {
        throw usageError('--corrupt body: this request has no body', 'take one with fields');
      }
      setU128(bytes, at.requestChecksum, stampOf(bytes));
      bytes[headerSize] = (bytes[headerSize] ?? 0) ^ 1;
      break;
    case 'size':
      setU32(bytes, at.size, tooSmall);
      break;
    case 'command':
      bytes[at.command] = noCommand;
      break;
    case 'operation':
      bytes[at.operation] = noOperation;
      break;
    case 'reserved':
      bytes.fill(0xff, at.reservedFrame, at.client);
      bytes.fill(0xff, at.reserved, headerSize);
      break;
    case 'session':
      setU64(bytes, at.session, 0n);
      break;
    case 'request':
      setU64(bytes, at.request, 0n);
  }
  return bytes;
}

function stampOf(bytes: Uint8Array): bigint {
  const stamp = getU128(bytes, at.requestChecksum);
  return stamp === 0n ? xxh3(bytes, headerSize) : stamp;
}

/** The frame with its size and its stamp made right. @throws CliError E_USAGE */
export function sealed(bytes: Uint8Array): Uint8Array {
  if (bytes.length < headerSize) {
    throw usageError(`--seal: a frame has at least ${headerSize} bytes, not ${bytes.length}`);
  }
  const frame = bytes.slice();
  setU32(frame, at.size, frame.length);
  setU128(frame, at.requestChecksum, xxh3(frame, headerSize));
  return frame;
}
