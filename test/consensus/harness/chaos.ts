import { createPrng } from '../../../src/base/index.js';
import { prepareClient, prepareRequest } from '../../../src/consensus/frame/prepare.js';
import { Cluster, type ClusterOptions } from './cluster.js';
import { Workload } from './workload.js';

export interface ChaosOptions extends ClusterOptions {
  readonly ticks: number;
  readonly clients?: number;
  /** Nodes that may be down at the same time. */
  readonly maxDown: number;
  /** Disturbances per 1,000 ticks. */
  readonly rate?: number;
  /** Writes that fail or hang for a while. */
  readonly diskFaults?: boolean;
}

/**
 * Runs a cluster under seeded crashes, partitions, loss, duplication and delay, then heals it and
 * demands that it converges on one log that holds everything acknowledged, once.
 */
export function runChaos(options: ChaosOptions): Cluster {
  const cluster = new Cluster(options);
  const prng = createPrng(options.seed ?? 1).fork('chaos');
  const workload = new Workload(cluster, options.clients ?? 4);
  const count = cluster.nodes.length;
  const applied = new Map<number, string>();
  for (let tick = 0; tick < options.ticks; tick++) {
    const rate = (options.rate ?? 4) / 1000;
    if (prng.chance(rate)) disturb(cluster, prng, options);
    if (prng.chance(2.5 * rate)) revive(cluster, prng.below(count));
    if (prng.chance(1.5 * rate)) cluster.heal();
    if (prng.chance(0.01)) cluster.node(prng.below(count)).disk.faults.clear();
    workload.act();
    cluster.run();
    record(cluster, applied);
  }
  cluster.heal();
  for (const { disk } of cluster.nodes) disk.faults.clear();
  for (let index = 0; index < count; index++) revive(cluster, index);
  cluster.runUntil(() => hasConverged(cluster), 12_000);
  cluster.run(1500);
  workload.act();
  cluster.runUntil(() => hasConverged(cluster), 12_000);
  record(cluster, applied);
  verify(cluster, workload, applied);
  return cluster;
}

function disturb(
  cluster: Cluster,
  prng: ReturnType<typeof createPrng>,
  { maxDown, diskFaults = false }: ChaosOptions,
): void {
  const { primary } = cluster;
  const index = primary >= 0 && prng.chance(0.5) ? primary : prng.below(cluster.nodes.length);
  const { faults } = cluster.node(index).disk;
  switch (prng.below(diskFaults ? 8 : 4)) {
    case 4:
      faults.set('superblock-write', 'fail');
      break;
    case 5:
      faults.set('snapshot-write', 'fail');
      break;
    case 6:
      faults.set('journal-append', prng.chance(0.5) ? 'fail' : 'sync-fail');
      break;
    case 7:
      faults.set(prng.pick(['superblock-write', 'journal-append', 'journal-rewrite']), 'stuck');
      break;
    case 0:
      if (cluster.nodes.length - cluster.live.length < maxDown) cluster.crash(index);
      break;
    case 1:
      cluster.isolate(index);
      break;
    case 2:
      cluster.cutOneWay(index, prng.below(cluster.nodes.length));
      break;
    default:
      if (cluster.node(index).replica !== undefined) cluster.restart(index);
  }
}

function revive(cluster: Cluster, index: number): void {
  if (cluster.node(index).replica === undefined) cluster.start(index);
}

function hasConverged(cluster: Cluster): boolean {
  const primary = cluster.primary;
  if (primary < 0 || cluster.live.length < cluster.nodes.length) return false;
  const { head, commitMin, view } = cluster.replica(primary).status;
  return cluster.live.every(({ replica }) => {
    const status = replica?.status;
    return (
      status?.status === 'normal' &&
      status.view === view &&
      status.commitMin === commitMin &&
      commitMin === head
    );
  });
}

/** Client and request per applied op, from whichever log still holds the entry. */
function record(cluster: Cluster, applied: Map<number, string>): void {
  for (const { replica } of cluster.live) {
    if (replica === undefined) continue;
    for (const entry of replica.state.log.entries()) {
      if (entry.op > replica.status.commitMin) break;
      applied.set(entry.op, `${prepareClient(entry.frame)}/${prepareRequest(entry.frame)}`);
    }
  }
}

function verify(cluster: Cluster, workload: Workload, applied: ReadonlyMap<number, string>): void {
  const digests = new Set(cluster.nodes.map(({ machine }) => machine.digest));
  if (digests.size !== 1) throw new Error('states differ');
  for (const { client, request, op } of workload.acknowledged) {
    const found = applied.get(op);
    if (found !== undefined && found !== `${client}/${request}`) {
      throw new Error(`acknowledged ${client}/${request} at ${op}, the log has ${found}`);
    }
    if (op > cluster.replica(0).status.commitMin) throw new Error(`acknowledged op ${op} is gone`);
  }
  const seen = new Set<string>();
  for (const [op, key] of applied) {
    if (key.endsWith('/0')) continue;
    if (seen.has(key)) throw new Error(`${key} was executed twice, again at ${op}`);
    seen.add(key);
  }
}
