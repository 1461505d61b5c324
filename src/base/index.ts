export * from './assert.js';
export * from './brand.js';
export * from './bytes.js';
export * from './errors.js';
export * from './hex.js';
export * from './once.js';
export * from './prng.js';
export * from './utf8.js';
