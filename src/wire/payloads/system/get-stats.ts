import { array, f32, field, type StructValue, struct, text, u32, u64 } from '../../schema/index.js';
import { command } from '../command.js';
import { empty } from '../empty.js';

const cacheShape = () =>
  ({
    stream_id: field(u32, 'Stream of the partition.'),
    topic_id: field(u32, 'Topic of the partition.'),
    partition_id: field(u32, 'Partition.'),
    hits: field(u64, 'Reads answered from the cache.'),
    misses: field(u64, 'Reads not answered from the cache.'),
    hit_ratio: field(f32, 'Share of hits, 0..1.'),
  }) as const;

/** Use of one partition's cache. */
export interface CacheMetrics extends StructValue<typeof cacheShape> {}

const shape = () =>
  ({
    process_id: field(u32, 'Process id of the server.'),
    cpu_usage: field(f32, 'Percent used by the server.'),
    total_cpu_usage: field(f32, 'Percent used on the machine.'),
    memory_usage: field(u64, 'Bytes used by the server.'),
    total_memory: field(u64, 'Bytes of memory of the machine.'),
    available_memory: field(u64, 'Bytes of memory still available.'),
    run_time: field(u64, 'Microseconds since the start.'),
    start_time: field(u64, 'Start, microseconds since 1970.'),
    read_bytes: field(u64, 'Bytes read from disk.'),
    written_bytes: field(u64, 'Bytes written to disk.'),
    messages_size_bytes: field(u64, 'Bytes of all messages.'),
    streams_count: field(u32, 'Streams.'),
    topics_count: field(u32, 'Topics.'),
    partitions_count: field(u32, 'Partitions.'),
    segments_count: field(u32, 'Segments.'),
    messages_count: field(u64, 'Messages.'),
    clients_count: field(u32, 'Connections of the node that answers.'),
    consumer_groups_count: field(u32, 'Consumer groups.'),
    hostname: field(text(u32), 'Name of the machine.'),
    os_name: field(text(u32), 'Name of the operating system.'),
    os_version: field(text(u32), 'Version of the operating system.'),
    kernel_version: field(text(u32), 'Version of the kernel.'),
    iggy_server_version: field(text(u32), 'Version of the server program.'),
    iggy_server_semver: field(u32, 'major * 1000000 + minor * 1000 + patch; 0 = absent.'),
    cache_metrics: field(array(u32, struct('CacheMetrics', cacheShape, 32)), 'Always empty today.'),
    threads_count: field(u32, 'Threads of the server.'),
    free_disk_space: field(u64, 'Bytes free on the data volume.'),
    total_disk_space: field(u64, 'Bytes of the data volume.'),
  }) as const;

/** Figures about a server. */
export interface Stats extends StructValue<typeof shape> {}

/** Reads figures about the server. */
export const getStats = command({
  code: 10,
  name: 'get_stats',
  dispatchName: 'stats',
  permission: 'global: manage_servers or read_servers',
  request: empty,
  response: struct('Stats', shape),
});
