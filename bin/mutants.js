#!/usr/bin/env node
// The test build with faults planted on purpose (npm run build:mutants). Not part of the package.
'use strict';
const { join } = require('node:path');
const { pathToFileURL } = require('node:url');

const root = pathToFileURL(join(__dirname, '../dist-mutants/package.json')).href;
import('../dist-mutants/dist/bin/main.js').then(({ main }) => main(process.argv.slice(2), root));
