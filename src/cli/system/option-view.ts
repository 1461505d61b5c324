import { toHex } from '../../base/index.js';
import type { OptionDescription } from '../../wire/index.js';

/** Limits of the options of the protocol; the server only tells kinds and defaults. */
const bounds: Readonly<Record<string, string>> = {
  compression_algorithm: 'none, gzip',
  message_expiry: 'microseconds; 0 = default',
  max_topic_size: 'bytes, at least a segment; 0 = default',
  segment_size: '1048576..1073741824, a multiple of 512; 0 = default',
  messages_required_to_save: '1..16777216',
  size_of_messages_required_to_save: 'at most 1073741824; 0 = default',
  preallocate_segments: 'segment size times partitions at most 64 GiB',
};

export function boundsOf(key: string): string | null {
  return bounds[key] ?? null;
}

/** A default as text. */
export function optionDefault(value: OptionDescription['default']): string {
  if (value === null) return '';
  return value instanceof Uint8Array ? toHex(value) : String(value);
}
