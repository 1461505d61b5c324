import { enumU8 } from '../../schema/index.js';

/** @source Iggy binary protocol, plain values */
export const compressionAlgorithm = enumU8('CompressionAlgorithm', { none: 1, gzip: 2 });
/** How a client is connected; TLS variants report the plain kind. */
export const transportKind = enumU8('TransportKind', { tcp: 1, quic: 2, http: 3, websocket: 4 });
/** Unlike most enumerations of the protocol this one starts at 0. */
export const clusterNodeRole = enumU8('ClusterNodeRole', { leader: 0, follower: 1 });
/** Starts at 0 too; the value 5 (unknown) exists upstream but readers refuse it. */
export const clusterNodeStatus = enumU8('ClusterNodeStatus', {
  healthy: 0,
  starting: 1,
  stopping: 2,
  unreachable: 3,
  maintenance: 4,
});
/** When an offset operation is answered: applied by the leader, or committed by a quorum. */
export const ackLevel = enumU8('AckLevel', { no_ack: 0, quorum: 1 });
/** Compression of a snapshot archive. */
export const snapshotCompression = enumU8('SnapshotCompression', {
  stored: 1,
  deflated: 2,
  bzip2: 3,
  zstd: 4,
  lzma: 5,
  xz: 6,
});
/** One section of a snapshot archive; `all` stands for every section except `test`. */
export const snapshotType = enumU8('SnapshotType', {
  filesystem_overview: 1,
  process_list: 2,
  resource_usage: 3,
  test: 4,
  server_logs: 5,
  server_config: 6,
  all: 100,
});
/** What an options catalogue is for. */
export const optionsScope = enumU8('OptionsScope', { topic: 1, stream: 2, user: 3 });
