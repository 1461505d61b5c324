import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** The lines of a stream, one at a time; the last may be without its end. */
export async function* readLines(input: Readable): AsyncGenerator<string> {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const line of lines) yield line;
  } finally {
    lines.close();
  }
}
