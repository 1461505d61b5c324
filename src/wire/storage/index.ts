/**
 * The files of a node's data directory that carry consensus: journal, superblock, snapshot trailer.
 * @module
 */
export * from './journal-batch.js';
export * from './journal-scan.js';
export * from './prepare-entry.js';
export * from './snapshot-trailer.js';
export * from './superblock.js';
