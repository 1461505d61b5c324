import { adder, collectLife } from '../trace/life-marks.js';
import type { Recorder } from '../trace/recorder.js';
import type { World } from '../world/world.js';

/** Seeds of a swarm from which on marks of the two kinds are demanded. */
const usualSeeds = 100;
const rareSeeds = 300;

/**
 * What a swarm has to reach at least once, with the share of seeds that may be needed for it: a
 * swarm of fewer seeds than that is not blamed. Each exists because of one scenario.
 */
const requiredMarks: ReadonlyMap<string, number> = new Map([
  ...always([
    ...['view change with an uncommitted suffix', 'checkpoint', 'log wrap', 'repair of a hole'],
    ...['transfer installed', 'range evicted at the source'],
    ...['restart in normal', 'restart in view-change', 'restart in recovering'],
    ...['hole below the head filled', 'acknowledgement withheld by the run rule'],
    ...['held entry discarded', 'verified walk stopped', 'repair wider than one chunk'],
    ...['vote with a header and no body', 'view headers restored at boot', 'primary ceded'],
    ...['escalation withheld', 'rebind with a watermark', 'group cut off while others work'],
    ...['session evicted by capacity', 'return from the retired tier', 'torn write'],
    ...['request of a fenced session', 'already applied', 'frame of an earlier view'],
    ...['altered frame rejected', 'session resumed', 'forwarded login'],
    ...['pause of a primary', 'prepare sent again in a later view', 'log JournalTailCut'],
    ...['late login after an eviction'],
  ]),
  ...rarely([
    ...['truncation by nacks', 'ignored provenance', 'late commit on a retired entry'],
    ...['alarm transfer_abandoned', 'boot refused: journal_interior', 'fenced zombie'],
    ...['repeat answered from the cache', 'reused number refused', 'merge awaiting-repair'],
    ...['pause of a primary with a reader', 'logout racing with a login'],
    ...['forwarded login and another primary', 'read waits for an inherited op'],
    ...['superblock fallback', 'torn group cut'],
  ]),
]);

/**
 * What only clusters of two, or of three replicas and more, can come to. Of two neither falls behind, because
 * nothing commits without both.
 */
const ofTwo: ReadonlySet<string> = new Set([
  ...['view change with an uncommitted suffix', 'restart in view-change'],
  ...['restart in recovering', 'hole below the head filled', 'held entry discarded'],
  ...['acknowledgement withheld by the run rule', 'verified walk stopped', 'primary ceded'],
  ...['vote with a header and no body', 'view headers restored at boot', 'escalation withheld'],
  ...['read waits for an inherited op', 'frame of an earlier view', 'altered frame rejected'],
  ...['forwarded login', 'prepare sent again in a later view', 'truncation by nacks'],
  ...['group cut off while others work', 'alarm transfer_abandoned'],
  'forwarded login and another primary',
]);
const ofThree: ReadonlySet<string> = new Set([
  ...['repair of a hole', 'range evicted at the source', 'repair wider than one chunk'],
  ...['ignored provenance', 'merge awaiting-repair', 'transfer installed'],
]);
/** Takes a voter that may have lost entries with its disk; in a cluster of even size nobody loses it. */
const ofOdd: ReadonlySet<string> = new Set(['merge awaiting-repair']);

function always(names: readonly string[]): readonly (readonly [string, number])[] {
  return names.map((name) => [name, usualSeeds] as const);
}

function rarely(names: readonly string[]): readonly (readonly [string, number])[] {
  return names.map((name) => [name, rareSeeds] as const);
}

/**
 * Required marks that a swarm of so many seeds should have reached and did not.
 * @param replicas of the largest cluster among them
 */
export function missingMarks(
  marks: ReadonlyMap<string, number>,
  seeds: number,
  replicas: number,
): readonly string[] {
  const missing: string[] = [];
  for (const [name, needed] of requiredMarks) {
    if (seeds < needed || (marks.get(name) ?? 0) > 0) continue;
    if (ofOdd.has(name) && replicas % 2 === 0) continue;
    const least = ofThree.has(name) ? 3 : ofTwo.has(name) ? 2 : 1;
    if (replicas >= least) missing.push(name);
  }
  return missing;
}

/** What the whole run reached; asked for at its end. */
export function collectRun(recorder: Recorder, world: World): void {
  const add = adder(recorder);
  for (const { host } of world.nodes) if (host !== undefined) collectLife(recorder, host);
  const { sessions, head } = world.canonical;
  add('session evicted by capacity', sessions.evictions);
  add('return from the retired tier', sessions.returns);
  add('dropped from the retired tier', sessions.forgotten);
  add('late commit on a retired entry', sessions.lateCommits);
  add('rebind with a watermark', sessions.rebinds);
  const slots = world.plan.limits.journalSlots ?? Number.POSITIVE_INFINITY;
  add('log wrap', head > slots ? 1 : 0);
  for (const { disk } of world.nodes) for (const [name, count] of disk.remains) add(name, count);
  const { lost, copies, altered } = world.network;
  add('frame lost', lost);
  add('frame duplicated', copies);
  add('frame altered', altered);
  add('request altered on its way', world.hub.damage?.requests ?? 0);
  add('answer altered on its way', world.hub.damage?.replies ?? 0);
  add('connection of replicas broken', world.pipes?.breaks ?? 0);
  add('connection of replicas dropped silently', world.pipes?.silences ?? 0);
  add('two connections of one link', world.pipes?.doubles ?? 0);
  add('frame pushed out of a full link', world.network.trouble?.pushedOut ?? 0);
  add('frame delivered to another', world.network.trouble?.misrouted ?? 0);
  for (const [kind, count] of world.faults.counts) add(`fault ${kind}`, count);
}
