import { commands, encode } from '../../wire/index.js';
import type { Core } from '../core/core.js';

/** Release of the official server whose behaviour is implemented, as 0.9.0 in decimal digits. */
const semver = 9000;

/** Figures of the process, the machine and the applied metadata. */
export function readStats(core: Core): Uint8Array {
  const system = core.deps.system();
  const totals = core.deps.metadata.totals();
  return encode(commands.get_stats.response, {
    process_id: system.processId,
    cpu_usage: system.cpuUsage,
    total_cpu_usage: system.totalCpuUsage,
    memory_usage: BigInt(system.memoryUsage),
    total_memory: BigInt(system.totalMemory),
    available_memory: BigInt(system.availableMemory),
    run_time: BigInt(system.runTimeMicros),
    start_time: BigInt(system.startTimeMicros),
    read_bytes: BigInt(system.readBytes),
    written_bytes: BigInt(system.writtenBytes),
    messages_size_bytes: BigInt(totals.sizeBytes),
    streams_count: totals.streams,
    topics_count: totals.topics,
    partitions_count: totals.partitions,
    segments_count: totals.segments,
    messages_count: BigInt(totals.messages),
    clients_count: core.sessions.size,
    consumer_groups_count: totals.consumerGroups,
    hostname: system.hostname,
    os_name: system.osName,
    os_version: system.osVersion,
    kernel_version: system.kernelVersion,
    iggy_server_version: core.config.serverVersion,
    iggy_server_semver: semver,
    cache_metrics: [],
    threads_count: system.threads,
    free_disk_space: BigInt(system.freeDisk),
    total_disk_space: BigInt(system.totalDisk),
  });
}
