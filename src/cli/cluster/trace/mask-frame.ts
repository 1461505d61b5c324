import { getU32, setU128 } from '../../../base/index.js';
import { type FrameView, maskedRanges } from '../../../decoder/index.js';
import { Command, headerSize, prepareHeader, requestHeader, xxh3 } from '../../../wire/index.js';

const star = 0x2a;
const prepareAt = prepareHeader.offsetOf;

/**
 * The bytes of a frame without its secrets. Checksums over them are made anew, or taken away where
 * others refer to them, so that a reader of the capture does not take the frame for a damaged one.
 */
export function maskedFrame(view: FrameView, fill = star): Uint8Array {
  const ranges = maskedRanges(view);
  if (ranges.length === 0) return view.bytes;
  const bytes = view.bytes.slice();
  for (const { start, end } of ranges)
    bytes.fill(fill, start + lengthBytes(bytes, start, end), end);
  if (view.checks.body.verdict === 'ok') restamp(view.command.code, bytes);
  return bytes;
}

/**
 * Size of the length in front of a text. It stays, so that what follows can be read; the size of the
 * frame tells it anyway.
 */
function lengthBytes(bytes: Uint8Array, start: number, end: number): number {
  const size = end - start;
  if (size > 4 && getU32(bytes, start) === size - 4) return 4;
  return size > 1 && bytes[start] === size - 1 ? 1 : 0;
}

function restamp(command: number, bytes: Uint8Array): void {
  if (command === Command.Request) {
    setU128(bytes, requestHeader.offsetOf.requestChecksum, xxh3(bytes, headerSize));
  } else if (command === Command.Prepare || command === Command.RepairPrepare) {
    bytes.fill(0, prepareAt.checksum, prepareAt.checksum + 16);
    bytes.fill(0, prepareAt.checksumBody, prepareAt.checksumBody + 16);
  }
}
