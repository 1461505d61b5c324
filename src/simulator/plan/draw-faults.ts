import { Command } from '../../wire/index.js';
import type { Fault, FaultKind } from './plan.js';
import type { PlanDraw } from './plan-draw.js';

/** What the faults of a plan are drawn for. */
export interface FaultOptions {
  readonly kinds: readonly FaultKind[];
  readonly ticks: number;
  readonly replicas: number;
  /** Chance per tick and replica by kind, millionths; added to what is drawn. */
  readonly rates: ReadonlyMap<FaultKind, number>;
}

const filterable: readonly number[] = [
  ...[Command.Prepare, Command.PrepareOk, Command.Commit, Command.StartViewChange],
  ...[Command.DoViewChange, Command.StartView, Command.RequestPrepares, Command.RepairPrepare],
  ...[Command.StateChunk, Command.Pong],
];

/** Frames right after which a crash is worth trying. */
const lastWords: readonly number[] = [
  ...[Command.Prepare, Command.PrepareOk, Command.Commit, Command.StartViewChange],
  ...[Command.DoViewChange, Command.StartView],
];

/** Largest number of faults of a kind in 20,000 ticks, and the longest they last. */
const shapes: { readonly [K in FaultKind]: { readonly most: number; readonly lasts: number } } = {
  crash: { most: 12, lasts: 2000 },
  power: { most: 12, lasts: 2000 },
  blackout: { most: 3, lasts: 600 },
  pause: { most: 8, lasts: 1500 },
  isolate: { most: 8, lasts: 2000 },
  deaf: { most: 5, lasts: 2500 },
  split: { most: 6, lasts: 2000 },
  cut: { most: 10, lasts: 2000 },
  clog: { most: 10, lasts: 500 },
  filter: { most: 5, lasts: 1500 },
  'clock-step': { most: 6, lasts: 0 },
  'sync-failure': { most: 3, lasts: 0 },
  'disk-full': { most: 4, lasts: 800 },
  'replace-failure': { most: 4, lasts: 600 },
  'slow-disk': { most: 3, lasts: 3000 },
  rot: { most: 1, lasts: 600 },
  wipe: { most: 2, lasts: 100 },
  'reset-clients': { most: 8, lasts: 0 },
  'crash-after': { most: 6, lasts: 1500 },
  strand: { most: 1, lasts: 0 },
  relapse: { most: 6, lasts: 0 },
  forget: { most: 4, lasts: 0 },
  trance: { most: 5, lasts: 0 },
  forge: { most: 6, lasts: 0 },
  echo: { most: 8, lasts: 0 },
  inherit: { most: 4, lasts: 0 },
  ring: { most: 4, lasts: 2000 },
  bridge: { most: 4, lasts: 2000 },
  minority: { most: 4, lasts: 2000 },
  swizzle: { most: 6, lasts: 1500 },
  'filter-link': { most: 6, lasts: 2000 },
  slow: { most: 4, lasts: 3000 },
  reboot: { most: 5, lasts: 600 },
  'crash-at': { most: 12, lasts: 1500 },
  'clock-freeze': { most: 4, lasts: 1000 },
  'clock-wave': { most: 3, lasts: 2000 },
  misread: { most: 3, lasts: 600 },
  'lost-replies': { most: 4, lasts: 1500 },
  'drop-clients': { most: 6, lasts: 0 },
  'half-close': { most: 6, lasts: 0 },
  'rot-data': { most: 3, lasts: 4000 },
  roster: { most: 4, lasts: 2000 },
};

/** Scenes in several acts: they need their time. */
const staged: ReadonlySet<FaultKind> = new Set([
  ...(['relapse', 'forget', 'trance', 'forge', 'echo', 'inherit'] as const),
]);

/** Draws the faults of a run: when, how long, whom. */
export function drawFaults(draw: PlanDraw, options: FaultOptions): readonly Fault[] {
  const { ticks, replicas } = options;
  const faults: Fault[] = [];
  const add = (kind: FaultKind, count: number, salt: number) => {
    for (let i = 0; i < count; i++) faults.push(drawFault(draw, kind, salt + i, options));
  };
  for (const kind of options.kinds) {
    const position = Object.keys(shapes).indexOf(kind);
    const salt = 1000 * (position + 1);
    const most = Math.max(1, Math.round((shapes[kind].most * ticks) / 20_000));
    add(kind, 1 + draw.below(most, 90, salt), salt);
  }
  for (const [kind, rate] of options.rates) {
    add(kind, Math.round((rate * ticks * replicas) / 1_000_000), ratedSalt(kind));
  }
  faults.sort((a, b) => a.at - b.at || a.id - b.id);
  return faults;
}

/** Recorded seeds hold those of the first two. */
function ratedSalt(kind: FaultKind): number {
  if (kind === 'power') return 100_000;
  return kind === 'isolate' ? 200_000 : 300_000 + 100_000 * Object.keys(shapes).indexOf(kind);
}

function drawFault(
  draw: PlanDraw,
  kind: FaultKind,
  id: number,
  { ticks, replicas }: FaultOptions,
): Fault {
  const at = 50 + draw.below(Math.max(1, ticks - 50), 91, id);
  if (kind === 'strand') return drawStrand(draw, id, ticks);
  if (staged.has(kind)) {
    const start = 50 + draw.below(Math.max(1, ticks - 2000), 91, id);
    const target = kind === 'echo' ? draw.below(replicas, 95, id) : -1;
    return { id, kind, at: start, until: start + 1900, target, value: 0 };
  }
  const { lasts } = shapes[kind];
  const long = draw.below(4, 92, id) === 0;
  const duration = lasts === 0 ? 0 : 10 + draw.below(long ? lasts : Math.ceil(lasts / 5), 93, id);
  const isPrimary = draw.below(3, 94, id) === 0 && kind !== 'wipe' && kind !== 'rot';
  const target = isPrimary ? -1 : draw.below(replicas, 95, id);
  return { id, kind, at, until: at + duration, target, value: valueFor(draw, kind, id, replicas) };
}

/** Late enough that nobody comes back before the healing, early enough for one view change. */
function drawStrand(draw: PlanDraw, id: number, ticks: number): Fault {
  const at = Math.max(1, ticks - 800 - draw.below(800, 91, id));
  return { id, kind: 'strand', at, until: ticks + 1, target: -1, value: 0 };
}

function valueFor(draw: PlanDraw, kind: FaultKind, id: number, replicas: number): number {
  switch (kind) {
    case 'split':
      return 1 + draw.below(Math.max(1, 2 ** replicas - 2), 96, id);
    case 'cut':
    case 'clog':
      return draw.below(replicas, 97, id);
    case 'filter':
      return filterable[draw.below(filterable.length, 98, id)] ?? 0;
    case 'crash-after':
      return lastWords[draw.below(lastWords.length, 98, id)] ?? 0;
    case 'clock-step':
      return draw.below(1_200_001, 99, id) - 600_000;
    case 'slow-disk':
      return 10 + draw.below(40, 100, id);
    default:
      return draw.below(1 << 16, 101, id);
  }
}
