#!/usr/bin/env node
// The test build with faults planted on purpose (npm run build:mutants). Not part of the package.
const root = new URL('../dist-mutants/package.json', import.meta.url);
const { main } = await import('../dist-mutants/dist/bin/main.js');
await main(process.argv.slice(2), root.href);
