import type { HaltReason } from '../consensus/index.js';
import { ControlServer } from './control-server.js';
import { lockDirectory } from './directory-lock.js';
import { LocalCluster } from './local-cluster.js';
import { LogFile } from './log-file.js';
import type { LocalClusterOptions } from './options.js';
import { plainJson } from './plain-json.js';
import type { ReadyRecord } from './ready-record.js';
import { type RunPaths, removeRunFiles, writePid, writeReadyRecord } from './run-directory.js';

/** Why a running cluster ended: somebody stopped it, or its last replica stopped itself. */
export type ServiceEnd =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'halted'; readonly reason: HaltReason };

/** How a cluster is run as a service. */
export interface ServiceOptions {
  readonly cluster: LocalClusterOptions;
  readonly paths: RunPaths;
  /** Name of the context that was made for it. */
  readonly context?: string;
  /** Another place for the ready record. */
  readonly readyFile?: string;
}

/**
 * A local cluster that other processes can find: pid file, control socket, ready record and log in a
 * run directory, which one process at a time may use.
 */
export class ClusterService {
  readonly cluster: LocalCluster;
  readonly ready: ReadyRecord;
  /** Resolves once, when the cluster has stopped and its files are gone. */
  readonly ended: Promise<ServiceEnd>;
  readonly #stop: () => void;

  private constructor(
    cluster: LocalCluster,
    ready: ReadyRecord,
    ended: Promise<ServiceEnd>,
    stop: () => void,
  ) {
    this.cluster = cluster;
    this.ready = ready;
    this.ended = ended;
    this.#stop = stop;
  }

  /**
   * Starts a cluster and answers on its control socket.
   * @throws CLUSTER_RUNNING when the name is in use, and what {@link LocalCluster.start} throws
   */
  static async start(options: ServiceOptions): Promise<ClusterService> {
    const { paths } = options;
    const release = lockDirectory(paths.directory);
    let cluster: LocalCluster | undefined;
    try {
      removeRunFiles(paths);
      writePid(paths);
      cluster = await LocalCluster.start(options.cluster);
      return await serve(cluster, options, release);
    } catch (error) {
      await cluster?.stop();
      removeRunFiles(paths);
      release();
      throw error;
    }
  }

  /** Stops the cluster in order; see {@link ended}. */
  async stop(): Promise<ServiceEnd> {
    this.#stop();
    return this.ended;
  }

  /** @internal */
  static of(
    cluster: LocalCluster,
    ready: ReadyRecord,
    ended: Promise<ServiceEnd>,
    stop: () => void,
  ): ClusterService {
    return new ClusterService(cluster, ready, ended, stop);
  }
}

async function serve(
  cluster: LocalCluster,
  { paths, context = undefined, readyFile }: ServiceOptions,
  release: () => void,
): Promise<ClusterService> {
  let shutDown: () => void = () => undefined;
  const asked = new Promise<ServiceEnd>((resolve) => {
    shutDown = () => resolve({ kind: 'stopped' });
  });
  const control = await ControlServer.start(paths.control, { cluster, shutDown: () => shutDown() });
  const log = new LogFile(paths.log);
  const endLog = cluster.events.listen((event) => {
    if (event.level !== 'debug') log.add(JSON.stringify(plainJson(event)));
  });
  const ready = cluster.readyRecord(context ?? null, paths.control);
  writeReadyRecord(paths.ready, ready);
  if (readyFile !== undefined) writeReadyRecord(readyFile, ready);
  const ended = Promise.race([asked, cluster.allHalted]).then(async (end) => {
    await cluster.stop();
    await control.close();
    endLog();
    log.flush();
    removeRunFiles(paths);
    release();
    return end;
  });
  return ClusterService.of(cluster, ready, ended, () => shutDown());
}
