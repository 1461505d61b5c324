export * from './blake3.js';
export * from './xxh3.js';
export * from './xxh32.js';
