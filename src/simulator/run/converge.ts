import { consensusLimits, quorums } from '../../consensus/index.js';
import { leftoversOf } from '../check/leaks.js';
import { ProgressWatch, progressOf } from '../check/progress.js';
import { linkKey } from '../world/network.js';
import type { SimClient } from '../world/sim-client.js';
import type { SimNode } from '../world/sim-node.js';
import type { World } from '../world/world.js';
import { Deadline, fetchedIn } from './deadline.js';
import { judgeIndependence } from './independence.js';
import { membersLeftOut } from './left-out.js';
import { statesOf } from './states.js';

/** Ticks that what is under way in a cluster at rest may take to end. */
const leakTicks = 3000;

/** How the end of a run went. */
export interface Convergence {
  readonly ticks: number;
  /** The run proves nothing, and why. */
  readonly excuse?: string;
}

/** New clients that work at the end, as far as the client table has room for them. */
const freshClients = 20;

/**
 * Heals what may heal, leaves one member out for ever where the plan says so, and demands that the
 * rest serves: everything answered, one view, one log, new work done.
 */
export function converge(world: World, options: { isOutOfTime?(): boolean } = {}): Convergence {
  const { core, views } = heal(world);
  const needed = quorums(world.plan.replicas);
  const least = Math.max(needed.replication, needed.viewChange);
  const fetched = () => fetchedIn(world);
  const deadline = new Deadline(world.tick, world.plan.livenessTicks);
  const start = world.tick;
  const alive = () => core.filter(({ state }) => state !== 'refused');
  const watch = new ProgressWatch(world.tick, (violation) => world.fail(violation));
  const until = (holds: () => boolean): 'yes' | 'no' | 'late' => {
    while (!world.hasFailed() && deadline.isAhead(world.tick, fetched)) {
      if (holds()) return 'yes';
      world.step();
      if (world.tick % 50 === 0) watch.observe(world.tick, progressOf(world), isPending(world));
      if (world.tick % 500 === 0 && options.isOutOfTime?.() === true) return 'late';
    }
    return 'no';
  };
  world.mayAsk = false;
  const first = until(() => isConverged(world, alive()) && !world.clients.some((c) => c.isWaiting));
  const ticks = world.tick - start;
  if (world.hasFailed()) return { ticks };
  if (first === 'late') return { ticks, excuse: 'timed out' };
  if (alive().length < least) {
    return { ticks, excuse: `${alive().length} of ${least} needed members are not damaged` };
  }
  if (first === 'no' && world.partitions.isExcused(alive())) {
    const excuse = 'a partition in memory waits for a replica that lost its log';
    world.recorder.note('verdict', -1, describe(world));
    return { ticks, excuse };
  }
  if (first === 'no') return stuck(world, alive(), ticks);
  world.checkDeeply();
  const count = Math.min(freshClients, consensusLimits(world.plan.limits).clientSlots);
  const fresh = Array.from({ length: count }, () => world.addClient(world.clients.length));
  const isOneDown = core.length === world.nodes.length - 1 && world.plan.leftOutHow === 'down';
  world.judges.delays.isMeasuring = isOneDown;
  // More than fit into the pipeline of a slow cluster would be told to come again, and again.
  const atOnce = consensusLimits(world.plan.limits).pipelineDepth;
  const settledView = viewOf(alive());
  const second = until(() => haveWorked(fresh, atOnce) && isConverged(world, alive()));
  if (world.hasFailed()) return { ticks };
  if (second === 'late') return { ticks, excuse: 'timed out' };
  if (second === 'no') {
    const idle = fresh.filter(({ worked }) => worked < freshWork.length).length;
    const detail = `${idle} of ${count} new clients did not get through: ${describe(world)}`;
    world.fail({ class: 'W', invariant: 'W6', detail });
  }
  const outside = world.nodes.length - core.length;
  // Long enough to see whether one that hears nothing goes on asking for views.
  const watched = world.plan.leftOutHow === 'deaf' && outside > 0 ? world.plan.replicas + 6 : 0;
  for (let i = 0; i < 500 * watched && !world.hasFailed(); i++) world.step();
  if (viewOf(alive()) > views + world.plan.replicas + 3 + outside) {
    world.fail({ class: 'W', invariant: 'W5', detail: `from view ${views}: ${describe(world)}` });
  }
  world.checkDeeply();
  // An election takes its own time, whoever is down.
  if (viewOf(alive()) === settledView) world.judges.delays.judge();
  world.partitions.judgeEnd(alive());
  judgeLeaks(world, alive(), until);
  if (!world.hasFailed() && world.plan.leftOutHow === 'down') judgeGroups(world, alive());
  return { ticks };
}

/** S24, with two clients more. */
function judgeGroups(world: World, core: readonly SimNode[]): void {
  const count = Math.min(2, consensusLimits(world.plan.limits).clientSlots);
  const clients = Array.from({ length: count }, () => world.addClient(world.clients.length));
  const step = () => {
    world.step();
    return !world.hasFailed();
  };
  judgeIndependence(world, core, { clients, isDone: () => haveWorked(clients, count), step });
}

/** S22: what was waited for has been answered, so nothing may be held on to for long. */
function judgeLeaks(
  world: World,
  core: readonly SimNode[],
  until: (holds: () => boolean) => string,
): void {
  const end = world.tick + leakTicks;
  const leftovers = () => core.map((node) => leftoversOf(node));
  until(() => world.tick >= end || leftovers().every((found) => found === undefined));
  const at = leftovers().findIndex((found) => found !== undefined);
  const node = core[at]?.index;
  if (node === undefined) return;
  const detail = `r${node} at rest still has ${leftovers()[at] ?? ''}`;
  world.fail({ class: 'S', invariant: 'S22', detail, node });
}

/** Whether somebody waits for something. */
function isPending(world: World): boolean {
  return world.clients.some(({ isWaiting }) => isWaiting);
}

const freshWork = ['create-stream', 'linearizable-read'] as const;

/** Each new client writes and reads, some at a time; a call that came to nothing is made again. */
function haveWorked(fresh: readonly SimClient[], atOnce: number): boolean {
  const busy = fresh.filter(({ worked }) => worked < freshWork.length);
  for (const client of busy.slice(0, atOnce)) {
    const next = freshWork[client.worked];
    if (next !== undefined && !client.isWaiting) client.demand(next);
  }
  return busy.length === 0;
}

/** Ends all faults; gives the members that have to work from now on. */
function heal(world: World): { readonly core: readonly SimNode[]; readonly views: number } {
  world.recorder.note('heal', -1, '');
  const outside = new Set(membersLeftOut(world));
  const isDeaf = world.plan.leftOutHow === 'deaf';
  const { wipes } = world;
  world.faults.endAll();
  // One that has just been wiped has to hear of its log first, and needs all the others for that.
  if (world.wipes > wipes) outside.clear();
  // Some replicas lost what others still have in memory: only a new start of all gets on from there.
  if (world.partitions.isStranded) {
    for (const node of world.nodes) if (node.state !== 'down') world.stop(node, true);
  }
  world.network.isCalm = true;
  if (world.pipes !== undefined) world.pipes.isCalm = true;
  if (world.hub.damage !== undefined) world.hub.damage.isCalm = true;
  world.network.losing.clear();
  world.network.filtered.clear();
  world.network.clogged.clear();
  world.network.cut.clear();
  for (const node of world.nodes) {
    const { trouble } = node.disk;
    trouble.isFull = false;
    trouble.replaceFails = false;
    trouble.syncFailures = 0;
    trouble.slowness = 1;
    node.resume();
    if (outside.has(node.index) && !isDeaf) {
      if (node.state !== 'down') world.stop(node, true);
    } else {
      node.start();
    }
    if (outside.has(node.index) && isDeaf) makeDeaf(world, node);
  }
  const views = Math.max(
    ...world.nodes.map(({ host, ledger }) => host?.status.view ?? ledger.view),
  );
  return { core: world.nodes.filter(({ index }) => !outside.has(index)), views };
}

/** It goes on to speak, but nothing reaches it any more. */
function makeDeaf(world: World, { index, isAlive }: SimNode): void {
  for (const other of world.nodes) {
    if (other.index !== index) world.network.cut.add(linkKey(other.index, index));
  }
  world.hub.dropAll(index, isAlive);
  world.hub.closed.add(index);
  world.recorder.mark('left out: deaf');
}

function isConverged(world: World, core: readonly SimNode[]): boolean {
  const { primary } = world;
  const leader = world.nodes[primary]?.host?.status;
  if (leader === undefined || leader.commitMin !== leader.head) return false;
  for (const { host } of core) {
    const status = host?.status;
    if (status === undefined || status.status !== 'normal' || status.view !== leader.view) {
      return false;
    }
    if (status.commitMin !== leader.commitMin || status.head !== leader.head) return false;
    if (status.transferStage !== 'idle' || status.isRepairing) return false;
  }
  return world.partitions.isConverged(core);
}

function stuck(world: World, core: readonly SimNode[], ticks: number): Convergence {
  const detail = describe(world);
  const statuses = core.map(({ host }) => host?.status);
  const view = statuses[0]?.view;
  const isOneView = statuses.every((s) => s?.status === 'normal' && s.view === view);
  if (!isOneView || world.primary < 0) {
    world.fail({ class: 'W', invariant: 'W2', detail });
  } else if (statuses.some((s) => s?.isRepairing === true || s?.transferStage !== 'idle')) {
    world.fail({ class: 'W', invariant: 'W4', detail });
  } else if (!isConverged(world, core)) {
    world.fail({ class: 'W', invariant: 'W3', detail });
  } else {
    const waiting = world.clients.filter((c) => c.isWaiting).map((c) => c.index);
    const detailed = `clients ${waiting.join(', ')} wait: ${detail}`;
    world.fail({ class: 'W', invariant: 'W1', detail: detailed });
  }
  return { ticks };
}

function viewOf(core: readonly SimNode[]): number {
  return Math.max(0, ...core.map(({ host }) => host?.status.view ?? 0));
}

/** One line about all replicas, and about partitions that hold the others up. */
function describe(world: World): string {
  const replicas = statesOf(world).join(' | ');
  const partitions = world.partitions.describe(world.nodes);
  return partitions === '' ? replicas : `${replicas}; ${partitions}`;
}
