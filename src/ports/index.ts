/**
 * Interfaces between the pure layers and the world: each has a real implementation in `platform`
 * and a simulated one in `simulator`.
 * @module
 */
export type { MessageCipher } from './cipher.js';
export type { Clock } from './clock.js';
export { type Disk, type DiskDone, DiskError, type DiskFailure, type FileContent } from './disk.js';
export type { Entropy } from './entropy.js';
export type { PasswordHashing } from './hashing.js';
export type { InputSink } from './input-sink.js';
export type { ClientLinks, ReplicaLinks } from './links.js';
export type { LogEntry, LogLevel, LogSink } from './log.js';
