// Writes src/wire/checksum/xxh3-module.data.ts: the hash of the protocol as a WebAssembly module, from the
// expressions in scripts/xxh3. Assembling it takes longer than starting most commands, so it is done here.
//
//   --check   write nothing; fail if the file is not what would be written
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './lib/files.mjs';
import { wasmModule } from './xxh3/assembler.mjs';
import { beginFunction, blocksFunction, finishFunction } from './xxh3/long.mjs';
import { blockSize, inputRoom, place, secret, stripeSize } from './xxh3/mix.mjs';
import { hashFunction } from './xxh3/short.mjs';

const target = join(root, 'src/wire/checksum/xxh3-module.data.ts');
const index = { hash: 0, begin: 1, blocks: 2, finish: 3 };
const functions = [
  hashFunction(index.begin, index.finish),
  beginFunction(),
  blocksFunction(),
  finishFunction(index.blocks),
];
const pages = Math.ceil((place.input + inputRoom) / 65_536);
const data = { offset: place.secret, bytes: Buffer.from(secret, 'hex') };
const hex = Buffer.from(wasmModule(functions, { pages, data })).toString('hex');
const lines = hex.match(/.{1,92}/g).map((line) => `  '${line}'`);

const text = `// Written by scripts/generate-xxh3.mjs.

/** Where the module has its result and its input, in bytes of its memory. */
export const place = { result: ${place.result}, input: ${place.input} } as const;
/** Bytes of input that the memory has room for: a multiple of a block. */
export const inputRoom = ${inputRoom};
export const stripeSize = ${stripeSize};
export const blockSize = ${blockSize};

/** The module in hexadecimal. */
export const moduleHex =
${lines.join(' +\n')};
`;

if (process.argv.includes('--check')) {
  if ((await readFile(target, 'utf8')) !== text) {
    console.error('src/wire/checksum/xxh3-module.data.ts is stale: node scripts/generate-xxh3.mjs');
    process.exitCode = 1;
  }
} else {
  await writeFile(target, text);
}
