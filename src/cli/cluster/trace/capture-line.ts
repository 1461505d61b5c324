import { concatBytes, encodeUtf8, toHex } from '../../../base/index.js';
import { type FrameView, maskedRanges } from '../../../decoder/index.js';
import { JsonBytes, writeFrameJson } from '../../../render/index.js';
import { maskedFrame } from './mask-frame.js';

const allFields = { only: undefined, fields: undefined } as const;

/**
 * A frame as one line of a capture: what `decode` prints, and as one more member `bytes_hex` the bytes,
 * for those who read the capture again. Secrets are masked unless they are asked for.
 */
export function captureLine(view: FrameView, showSecrets: boolean): Uint8Array {
  const parts: Uint8Array[] = [];
  const out = new JsonBytes((chunk) => parts.push(chunk.slice()));
  const masked = showSecrets ? [] : maskedRanges(view);
  writeFrameJson(out, view, { ...allFields, masked, showSecrets });
  out.flush();
  const bytes = showSecrets ? view.bytes : maskedFrame(view, 0);
  const object = concatBytes(parts);
  const last = encodeUtf8(`,"bytes_hex":"${toHex(bytes)}"}\n`);
  return concatBytes([object.subarray(0, object.length - 1), last]);
}
