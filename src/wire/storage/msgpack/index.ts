export * from './base64.js';
export * from './containers.js';
export * from './head.js';
export * from './scalars.js';
export * from './skip.js';
