import { readFileSync } from 'node:fs';
import { fromHex } from '../../../src/base/index.js';

const folder = new URL('../../golden/', import.meta.url);

/** The parsed content of a golden file. */
export function golden<T>(file: string): T {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as T;
}

interface Example {
  readonly name: string;
  readonly hex: string;
}

/** The bytes of one worked example of the protocol reference. */
export function example(name: string): Uint8Array {
  const found = golden<readonly Example[]>('wire-examples.json').find((each) => each.name === name);
  if (found === undefined) throw new Error(`no example named ${name}`);
  return fromHex(found.hex);
}
