import { readSync } from 'node:fs';

/** Reads standard input up to the first line end, byte by byte, so that the rest stays unread. */
export function readStdinLine(): string {
  const bytes: number[] = [];
  const one = new Uint8Array(1);
  while (readOne(one)) {
    if (one[0] === 0x0a) break;
    bytes.push(one[0] ?? 0);
  }
  return new TextDecoder().decode(Uint8Array.from(bytes)).replace(/\r$/, '');
}

function readOne(target: Uint8Array): boolean {
  for (;;) {
    try {
      return readSync(0, target, 0, 1, null) === 1;
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EOF') return false;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    }
  }
}
