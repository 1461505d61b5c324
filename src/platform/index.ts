/**
 * The world: files, sockets, clocks, entropy, hashing threads. The only layer below the cluster that
 * touches them; each thing implements an interface of `ports` or is handed to one.
 * @module
 */
export { AesGcmCipher, cipherKeyBytes } from './aes-gcm-cipher.js';
export { Argon2Hashing, HashingError } from './argon2-hashing.js';
export type {
  ClientSocket,
  Listener,
  ListenOptions,
  SocketHandler,
  SocketTransport,
} from './client-socket.js';
export { FlushQueue } from './client-socket.js';
export type { CrashableDisk } from './crashable-disk.js';
export type { Dialer, DialHandler, DialledSocket, DialTls } from './dialer.js';
export {
  type DiskFault,
  type DiskFaultKind,
  type DiskFaultTarget,
  diskFaultKinds,
  diskFaultTargets,
  FaultyDisk,
} from './faulty-disk.js';
export { makeDirectories } from './make-directories.js';
export { type Defer, MemoryDisk } from './memory-disk.js';
export { NodeDisk } from './node-disk.js';
export { PlacedFile } from './placed-file.js';
export { SystemClock } from './system-clock.js';
export { SystemEntropy } from './system-entropy.js';
export { type ProcessFigures, SystemFigureSource } from './system-figures.js';
export { TcpDialer, type TcpDialOptions } from './tcp-client.js';
export { ListenError, listenTcp } from './tcp-listener.js';
export { WebSocketDialer, type WebSocketDialOptions } from './ws-client.js';
export { listenWebSocket, type WebSocketListenOptions } from './ws-listener.js';
export { type ZipEntry, zipArchive } from './zip-archive.js';
