/**
 * The server of one node as a synchronous state machine: sessions, login and registration, dispatch,
 * reads. Events in, effects out; it touches no socket, clock or file.
 * @module
 */
export * from './config.js';
export type { ConnectionSummary } from './connection-summary.js';
export type * from './consensus-view.js';
export type * from './effects.js';
export type * from './events.js';
export type * from './machine-view.js';
export type * from './partition-view.js';
export type * from './roster-config.js';
export { ServerCore } from './server-core.js';
