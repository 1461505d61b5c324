import { isoTime } from '../../render/index.js';

/** A 128-bit number as `0x` and 32 hex digits. */
export function hex128(value: bigint): string {
  return `0x${value.toString(16).padStart(32, '0')}`;
}

/** Microseconds since 1970 as RFC 3339, or null for 0 and what is no time. */
export function timeOrNull(micros: bigint | number): string | null {
  return BigInt(micros) === 0n ? null : (isoTime(micros) ?? null);
}

/** The time it is, as all times in JSON. */
export function timeNow(): string {
  return isoTime(Date.now() * 1000) ?? '';
}

/** RFC 3339 for people: seconds are enough. */
export function shortTime(text: string | null): string {
  return text === null ? '-' : `${text.slice(0, 10)} ${text.slice(11, 19)}`;
}
