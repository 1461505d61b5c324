import { readFileSync } from 'node:fs';

interface GoldenFrame {
  readonly operation: number;
  readonly code: number;
  readonly hex: string;
}

/** A frame as an official client put it on a socket. */
export function goldenFrame(operation: number): Buffer {
  const path = new URL('../golden/frames.json', import.meta.url);
  const frames = JSON.parse(readFileSync(path, 'utf8')) as readonly GoldenFrame[];
  const found = frames.find((frame) => frame.operation === operation);
  if (found === undefined) throw new Error(`no golden frame of operation ${operation}`);
  return Buffer.from(found.hex, 'hex');
}
