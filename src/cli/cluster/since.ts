import { usageError } from '../cli-error.js';
import { parseDuration } from '../values.js';

/**
 * A moment as microseconds since 1970: RFC 3339, a date, or how long ago (`15m`, `-15m`).
 * @throws CliError E_USAGE
 */
export function sinceMicros(text: string, nowMillis: number): number {
  if (/^\d{4}-\d{2}-\d{2}/.test(text)) {
    const millis = Date.parse(text);
    if (!Number.isNaN(millis)) return millis * 1000;
  }
  if (/^-?\d+(\.\d+)?\s*[a-zµ]/i.test(text)) {
    return nowMillis * 1000 - parseDuration(text.replace(/^-/, ''), '--since');
  }
  throw usageError(`--since: "${text}" is no time; write 15m or 2026-11-22T10:00:00Z`);
}
