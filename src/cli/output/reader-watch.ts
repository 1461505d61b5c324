import { fstatSync } from 'node:fs';
import type { Writable } from 'node:stream';

/** Times between looks: often at first, when whoever wanted one line leaves, later rarely. */
const firstLookMillis = 250;
const rarestLookMillis = 10_000;

/**
 * Notices a reader of a pipe that went away although there is nothing to print: only a write tells,
 * so a space is written now and then, which means nothing between two values of JSON. Gives the
 * function that ends it. Does nothing where the output is no pipe.
 */
export function watchReader(out: Writable, fd = 1): () => void {
  if (!isPipe(fd)) return () => undefined;
  let wait = firstLookMillis;
  let timer: NodeJS.Timeout;
  const look = () => {
    if (out.writableLength === 0) out.write(' ');
    wait = Math.min(rarestLookMillis, wait * 1.5);
    timer = setTimeout(look, wait);
    timer.unref();
  };
  timer = setTimeout(look, wait);
  timer.unref();
  return () => clearTimeout(timer);
}

function isPipe(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    return stat.isFIFO() || stat.isSocket();
  } catch {
    return false;
  }
}
