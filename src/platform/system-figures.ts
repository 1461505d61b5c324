import { readFileSync, statfsSync } from 'node:fs';
import { cpus, freemem, hostname, release, totalmem } from 'node:os';
import { systemName } from './system-name.js';

/** Figures of this process and its machine. */
export interface ProcessFigures {
  readonly processId: number;
  /** Percent of one core since the previous call; 0 on the first. */
  readonly cpuUsage: number;
  /** Percent of all cores of the machine since the previous call; 0 on the first. */
  readonly totalCpuUsage: number;
  /** Bytes. */
  readonly memoryUsage: number;
  readonly totalMemory: number;
  readonly availableMemory: number;
  readonly runTimeMicros: number;
  readonly startTimeMicros: number;
  readonly readBytes: number;
  readonly writtenBytes: number;
  readonly hostname: string;
  readonly osName: string;
  readonly osVersion: string;
  readonly kernelVersion: string;
  readonly threads: number;
  readonly freeDisk: number;
  readonly totalDisk: number;
}

interface CpuSample {
  readonly at: number;
  readonly processMicros: number;
  readonly busyMillis: number;
  readonly allMillis: number;
}

/** Collects figures; percentages are those of the time between two calls. */
export class SystemFigureSource {
  readonly #directory: string;
  readonly #system = systemName();
  #last: CpuSample | undefined;

  /** @param directory the disk figures are those of the filesystem that holds it */
  constructor(directory: string) {
    this.#directory = directory;
  }

  collect(): ProcessFigures {
    const before = this.#last;
    const now = sampleCpu();
    this.#last = now;
    const runTimeMicros = Math.floor(process.uptime() * 1_000_000);
    const io = procFields('/proc/self/io');
    const disk = diskSpace(this.#directory);
    return {
      processId: process.pid,
      ...cpuShares(before, now),
      memoryUsage: process.memoryUsage.rss(),
      totalMemory: totalmem(),
      availableMemory: availableMemory(),
      runTimeMicros,
      startTimeMicros: Date.now() * 1000 - runTimeMicros,
      readBytes: io.get('read_bytes') ?? 0,
      writtenBytes: io.get('write_bytes') ?? 0,
      hostname: hostname(),
      osName: this.#system.name,
      osVersion: this.#system.version,
      kernelVersion: release(),
      threads: procFields('/proc/self/status').get('Threads') ?? 1,
      freeDisk: disk.free,
      totalDisk: disk.total,
    };
  }
}

function cpuShares(
  before: CpuSample | undefined,
  now: CpuSample,
): Pick<ProcessFigures, 'cpuUsage' | 'totalCpuUsage'> {
  if (before === undefined || now.at <= before.at) return { cpuUsage: 0, totalCpuUsage: 0 };
  const elapsedMicros = (now.at - before.at) * 1000;
  const all = now.allMillis - before.allMillis;
  return {
    cpuUsage: (100 * (now.processMicros - before.processMicros)) / elapsedMicros,
    totalCpuUsage: all > 0 ? (100 * (now.busyMillis - before.busyMillis)) / all : 0,
  };
}

function sampleCpu(): CpuSample {
  const { user, system } = process.cpuUsage();
  let busyMillis = 0;
  let allMillis = 0;
  for (const { times } of cpus()) {
    const busy = times.user + times.nice + times.sys + times.irq;
    busyMillis += busy;
    allMillis += busy + times.idle;
  }
  return { at: performance.now(), processMicros: user + system, busyMillis, allMillis };
}

/** Memory that could be had without swapping, where the system tells. */
function availableMemory(): number {
  const kibibytes = procFields('/proc/meminfo').get('MemAvailable');
  return kibibytes === undefined ? freemem() : kibibytes * 1024;
}

/** The numbers of a `name: number` file of the proc filesystem; empty elsewhere. */
function procFields(path: string): ReadonlyMap<string, number> {
  const fields = new Map<string, number>();
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return fields;
  }
  for (const line of text.split('\n')) {
    const match = /^(\w+):\s+(\d+)/.exec(line);
    if (match?.[1] !== undefined) fields.set(match[1], Number(match[2]));
  }
  return fields;
}

function diskSpace(directory: string): { readonly free: number; readonly total: number } {
  try {
    const { bavail, blocks, bsize } = statfsSync(directory);
    return { free: bavail * bsize, total: blocks * bsize };
  } catch {
    return { free: 0, total: 0 };
  }
}
