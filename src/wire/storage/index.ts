/**
 * The files of a node's data directory that carry consensus: journal, superblock, snapshot trailer.
 * @module
 */

export * from './extent-note.js';
export * from './journal-batch.js';
export * from './journal-frame-view.js';
export * from './journal-scan.js';
export * from './offset-file.js';
export * from './partition-mark.js';
export * from './prepare-entry.js';
export * from './segment-index.js';
export * from './segment-scan.js';
export * from './snapshot.js';
export type { StoredOption } from './snapshot-options.js';
export * from './snapshot-sessions.js';
export * from './snapshot-streams.js';
export * from './snapshot-trailer.js';
export * from './snapshot-users.js';
export * from './superblock.js';
export * from './superblock-view.js';
