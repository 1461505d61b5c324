// Counts the scenarios of the specification that tests name, as in `04-S17 answers a second register`.
//
//   node scripts/coverage-spec.mjs [--missing]     with the numbers that no test names
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesUnder, root } from './lib/files.mjs';

const documents = JSON.parse(await readFile(join(root, 'scripts/spec-scenarios.json'), 'utf8'));
const covered = Object.fromEntries(Object.keys(documents).map((id) => [id, new Set()]));
const unknown = [];

for (const file of await filesUnder('test', '.test.ts')) {
  const text = await readFile(join(root, file), 'utf8');
  for (const [name, id, digits] of text.matchAll(/\b(\d\d)-S(\d+)/g)) {
    const number = Number(digits);
    if (number >= 1 && number <= (documents[id]?.total ?? 0)) covered[id].add(number);
    else unknown.push(`${file}: ${name}`);
  }
}

let sum = 0;
let all = 0;
for (const [id, { title, total }] of Object.entries(documents)) {
  sum += covered[id].size;
  all += total;
  console.log(`${id} ${title.padEnd(16)} ${String(covered[id].size).padStart(3)}/${total}`);
  if (process.argv.includes('--missing')) {
    const missing = Array.from({ length: total }, (_, i) => i + 1).filter(
      (n) => !covered[id].has(n),
    );
    console.log(`   missing: ${missing.join(' ') || 'none'}`);
  }
}
console.log(`all ${''.padEnd(15)} ${String(sum).padStart(3)}/${all}`);
for (const each of unknown) console.error(`no such scenario: ${each}`);
process.exitCode = unknown.length > 0 ? 1 : 0;
