export * from './client/index.js';
export { version } from './version.js';
