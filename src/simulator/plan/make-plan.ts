import type { ConsensusLimits } from '../../consensus/index.js';
import { Dice } from '../random/draw.js';
import { type DataOptions, drawData } from './data-plan.js';
import { drawFaults } from './draw-faults.js';
import {
  type DiskPlan,
  deliveries,
  type FaultKind,
  type NetworkPlan,
  type Plan,
  requestKinds,
  type WorkloadPlan,
} from './plan.js';
import { PlanDraw } from './plan-draw.js';

/** What a caller may fix instead of leaving it to the draw. */
export interface PlanOptions {
  readonly seed: bigint;
  readonly profile: string;
  readonly ticks?: number;
  readonly livenessTicks?: number;
  readonly replicas?: number;
  readonly clients?: number;
  readonly requests?: number;
  readonly quiesce?: boolean;
  readonly delivery?: Plan['delivery'];
  readonly limits?: Partial<ConsensusLimits>;
  /** Millionths. */
  readonly loss?: number;
  readonly delay?: number;
  readonly clientCorruption?: number;
  /** Families of faults instead of the profile's. */
  readonly faults?: readonly FaultKind[];
  /** Families to leave out. */
  readonly without?: readonly FaultKind[];
  /** More faults of a kind: chance per tick and replica, millionths. */
  readonly rates?: ReadonlyMap<FaultKind, number>;
  readonly workload?: DataOptions['workload'];
  /** Partitions in all. */
  readonly groups?: number;
  readonly partitionAck?: 'fsync' | 'memory';
}

/** Families of faults by profile; the swarm leaves out about half of all. */
const families: ReadonlyMap<string, readonly FaultKind[]> = new Map<string, readonly FaultKind[]>([
  ['calm', []],
  ['perf', []],
  ['lossy', ['cut', 'clog', 'filter']],
  [
    'partition',
    [
      ...(['isolate', 'deaf', 'split', 'cut', 'clog', 'pause'] as const),
      ...(['ring', 'bridge', 'minority', 'swizzle'] as const),
    ],
  ],
  ['crashy', ['crash', 'power', 'blackout', 'pause', 'isolate']],
  [
    'disk',
    ['power', 'blackout', 'sync-failure', 'disk-full', 'replace-failure', 'slow-disk', 'rot'],
  ],
  ['sessions', ['crash', 'isolate', 'reset-clients', 'pause']],
  ['hopeless', ['power', 'rot', 'sync-failure', 'disk-full', 'blackout']],
  ['deaf', ['deaf', 'isolate', 'pause', 'cut']],
  ['reads', ['trance', 'pause', 'crash', 'isolate', 'inherit']],
  ['stranded', ['strand', 'relapse', 'forget', 'crash-after', 'crash']],
  ['forged', ['isolate', 'split', 'cut', 'crash', 'pause', 'forge']],
]);

const swarmFamilies: readonly FaultKind[] = [
  ...(['crash', 'power', 'blackout', 'pause', 'isolate', 'deaf', 'split', 'cut', 'clog'] as const),
  ...(['filter', 'clock-step', 'sync-failure', 'disk-full', 'replace-failure'] as const),
  ...(['slow-disk', 'rot', 'wipe', 'reset-clients', 'crash-after', 'relapse', 'echo'] as const),
];

/** Drawn beside those of the swarm, each for a quarter of it. */
const furtherFamilies: readonly FaultKind[] = [
  ...(['ring', 'bridge', 'minority', 'swizzle', 'filter-link', 'slow', 'reboot'] as const),
  ...(['crash-at', 'clock-freeze', 'clock-wave', 'misread', 'lost-replies'] as const),
  ...(['drop-clients', 'half-close', 'rot-data', 'roster'] as const),
];

/** Small limits, so that what is rare with the real ones is common. */
export const smallLimits: Partial<ConsensusLimits> = {
  journalSlots: 64,
  checkpointMargin: 8,
  pipelineDepth: 4,
  repairChunk: 4,
  checkpointLogFactor: 0,
  chunkBytes: 4096,
  ringReplies: 2,
  retiredSlots: 4,
};

/** Turns a seed into the plan of a run. */
export function makePlan(options: PlanOptions): Plan {
  const { profile } = options;
  const seed = BigInt.asUintN(64, options.seed);
  const draw = new PlanDraw(new Dice(seed));
  const isCalm = profile === 'calm' || profile === 'perf';
  const replicas = options.replicas ?? (isCalm ? 3 : drawReplicas(draw));
  const ticks = options.ticks ?? 20_000;
  const drawn = options.faults ?? familiesOf(profile, draw);
  const kinds = drawn.filter((kind) => options.without?.includes(kind) !== true);
  const data = drawData(draw, {
    ...{ workload: options.workload ?? 'metadata', profile },
    ...(options.groups !== undefined && { groups: options.groups }),
    ...(options.partitionAck !== undefined && { ack: options.partitionAck }),
  });
  const rates = options.rates ?? new Map();
  const faults = drawFaults(draw, { kinds, ticks, replicas, rates });
  return {
    format: 'iggy-sim-plan',
    version: 1,
    seed: seed.toString(16).padStart(16, '0'),
    profile,
    replicas,
    ticks,
    livenessTicks: options.livenessTicks ?? (replicas <= 5 ? 20_000 : 40_000),
    quiesce: (options.quiesce ?? true) && profile !== 'hopeless',
    limits: { ...piecesFor(drawLimits(profile, draw), data?.payload ?? 0), ...options.limits },
    requestPolicy: 'watermark',
    delivery: options.delivery ?? (isCalm ? 'by-time' : draw.pick(deliveries, 20)),
    batched: isCalm || draw.coin(21),
    ...drawLeftOut(profile, draw, isCalm ? 1 : replicas),
    network: {
      ...drawNetwork(profile, draw),
      ...(options.loss !== undefined && { loss: options.loss }),
      ...(options.delay !== undefined && { meanDelay: options.delay }),
    },
    ...drawClientLinks(options, draw),
    disk: drawDisk(profile, draw),
    clocks: Array.from({ length: replicas }, (_, i) => ({
      offset: isCalm ? 0 : draw.below(120_001, 24, i) - 60_000,
      drift: isCalm ? 0 : draw.below(1001, 25, i) - 500,
    })),
    workload: drawWorkload(options, draw),
    ...(data !== undefined && { data }),
    faults,
  };
}

/** A partition of large messages would take longer than the healing if it came in small pieces. */
function piecesFor(limits: Partial<ConsensusLimits>, payload: number): Partial<ConsensusLimits> {
  const { chunkBytes } = limits;
  if (chunkBytes === undefined) return limits;
  return { ...limits, chunkBytes: Math.max(chunkBytes, 8 * payload) };
}

function drawLeftOut(
  profile: string,
  draw: PlanDraw,
  replicas: number,
): Pick<Plan, 'leftOut' | 'leftOutHow'> {
  if (replicas < 3) return { leftOut: -1, leftOutHow: 'down' };
  const one = draw.below(replicas, 23);
  if (profile === 'stranded' || isStranding(profile, draw)) {
    return { leftOut: -2, leftOutHow: 'down' };
  }
  if (profile === 'deaf') return { leftOut: draw.pick([-2, -3, one], 24), leftOutHow: 'deaf' };
  if (!draw.coin(22)) return { leftOut: -1, leftOutHow: 'down' };
  const leftOutHow = draw.below(3, 25) === 0 ? 'deaf' : 'down';
  return { leftOut: draw.pick([-2, -3, one, one], 26), leftOutHow };
}

function drawReplicas(draw: PlanDraw): number {
  return draw.pick([1, 2, 3, 3, 3, 4, 5, 5, 6, 7, 9], 30);
}

function familiesOf(profile: string, draw: PlanDraw): readonly FaultKind[] {
  const fixed = families.get(profile);
  if (fixed !== undefined) return fixed;
  if (isStranding(profile, draw)) return families.get('stranded') ?? [];
  const drawn = swarmFamilies.filter((_, i) => draw.below(2, 31, i) === 0);
  return [
    ...drawn,
    ...(isForReaders(profile, draw) ? (['trance', 'inherit'] as const) : []),
    ...furtherFamilies.filter((_, i) => draw.below(4, 37, i) === 0),
    // Needs a disk that may be lost, and so seldom comes about.
    ...(draw.below(8, 36) === 0 ? (['forget'] as const) : []),
  ];
}

/** A part of the swarm is about what readers see around elections, which is rare elsewhere. */
function isForReaders(profile: string, draw: PlanDraw): boolean {
  if (profile === 'reads' || isStranding(profile, draw)) return true;
  return profile === 'swarm' && draw.below(8, 34) === 0;
}

/** Another part ends with an op that is known by its header alone. */
function isStranding(profile: string, draw: PlanDraw): boolean {
  return profile === 'swarm' && draw.below(10, 35) === 0;
}

function drawLimits(profile: string, draw: PlanDraw): Partial<ConsensusLimits> {
  if (profile === 'perf') return {};
  const clientSlots =
    profile === 'sessions' ? draw.pick([2, 3, 4, 8], 32) : draw.pick([4, 8, 32, 32], 32);
  return { ...smallLimits, clientSlots };
}

function drawNetwork(profile: string, draw: PlanDraw): NetworkPlan {
  const isCalm = profile === 'calm' || profile === 'perf';
  const has = (what: number) =>
    !isCalm && (profile === 'lossy' || (profile === 'swarm' && draw.coin(what)));
  const isForged = profile === 'forged' || (has(52) && draw.coin(53));
  return {
    minDelay: isCalm ? 1 : draw.range(1, 3, 40),
    meanDelay: isCalm ? 0 : draw.range(0, draw.coin(41) ? 3 : 15, 42),
    loss: has(43) ? draw.range(1000, 200_000, 44) : 0,
    duplication: has(45) ? draw.range(1000, 300_000, 46) : 0,
    copyDelay: draw.range(1, 2000, 47),
    corruption: has(48) ? draw.range(100, 30_000, 49) : 0,
    lateness: has(50) ? draw.range(10, 3000, 51) : 0,
    forgery: isForged ? draw.range(1000, 100_000, 54) : 0,
    ...(profile === 'swarm' && drawTroubles(draw)),
  };
}

/** Troubles of single links in a third of the swarm, streams of bytes in a fifth. */
function drawTroubles(draw: PlanDraw): Pick<NetworkPlan, 'trouble' | 'pipes'> {
  const trouble = {
    burst: draw.coin(551) ? draw.range(10, 2000, 552) : 0,
    burstTicks: draw.range(10, 200, 553),
    burstLoss: draw.range(50, 100, 554),
    spike: draw.coin(555) ? draw.range(1000, 50_000, 556) : 0,
    slowest: draw.coin(557) ? draw.range(2, 50, 558) : 1,
    capacity: draw.coin(559) ? draw.range(2, 64, 560) : 0,
    misroute: draw.coin(561) ? draw.range(100, 5000, 562) : 0,
    mangling: draw.below(2, 563),
  };
  const pipes = {
    chunk: draw.range(16, 65_536, 571),
    reset: draw.coin(572) ? draw.range(100, 5000, 573) : 0,
    backoff: draw.range(1, 500, 574),
    ...(draw.coin(575) && { silence: draw.range(10, 1000, 576) }),
    ...(draw.coin(577) && { overlap: draw.range(100, 5000, 578) }),
  };
  return {
    ...(draw.below(3, 550) === 0 && { trouble }),
    ...(draw.below(5, 570) === 0 && { pipes }),
  };
}

/** Altered bytes between clients and nodes in a quarter of the swarm. */
function drawClientLinks(
  { profile, clientCorruption }: PlanOptions,
  draw: PlanDraw,
): Pick<Plan, 'clientLinks'> {
  const isDrawn = profile === 'swarm' && draw.below(4, 580) === 0;
  const corruption = clientCorruption ?? (isDrawn ? draw.range(300, 20_000, 581) : 0);
  return corruption > 0 ? { clientLinks: { corruption } } : {};
}

function drawDisk(profile: string, draw: PlanDraw): DiskPlan {
  if (profile === 'calm' || profile === 'perf') return { minDelay: 0, meanDelay: 0, stall: 0 };
  return {
    minDelay: draw.below(2, 60),
    meanDelay: draw.range(0, profile === 'disk' ? 20 : 4, 61),
    stall: draw.coin(62) ? 0 : 500,
    ...(profile === 'swarm' && draw.below(3, 63) === 0 && { names: 1 }),
  };
}

function drawWorkload(options: PlanOptions, draw: PlanDraw): WorkloadPlan {
  const { profile } = options;
  const isSessions = profile === 'sessions';
  const isCalm = profile === 'calm';
  const isForReading = isForReaders(profile, draw);
  const isBusy = isSessions || isForReading;
  const drawn = isBusy ? draw.range(3, 12, 70) : draw.range(1, 8, 70);
  const clients = options.clients ?? (isCalm ? 1 : profile === 'perf' ? 4 : drawn);
  return {
    clients,
    readers: isForReading ? Math.ceil(clients / 2) : 0,
    ...(isForReading && { loyal: Math.ceil(clients / 4) }),
    twins: isSessions && clients >= 4 && draw.coin(71) ? 1 : 0,
    rough:
      isCalm || profile === 'perf' ? 0 : isSessions ? 1 + draw.below(3, 78) : draw.below(2, 78),
    think: isCalm || profile === 'perf' ? 0 : draw.pick([0, 2, 10, 30, 100], 72),
    requests: options.requests ?? 0,
    names: draw.range(4, 32, 73),
    weights: drawWeights(profile, draw),
    timeoutMillis: draw.range(5000, 30_000, 74),
    linkDelay: isCalm || profile === 'perf' ? 0 : draw.range(0, 5, 75),
    // Whole frames where the time of a run is what is looked at.
    chunk: draw.coin(76) && !isCalm && profile !== 'perf' ? draw.range(1, 512, 77) : 0,
  };
}

/** Writers that change the list of streams, and readers that must see it. */
const readersWeights: ReadonlyMap<string, number> = new Map([
  ...([
    ['create-stream', 30],
    ['delete-stream', 20],
    ['linearizable-read', 60],
  ] as const),
]);

/** A random few of the kinds of requests; what ends sessions is rare outside of `sessions`. */
function drawWeights(profile: string, draw: PlanDraw): readonly number[] {
  const isFixed = profile === 'calm' || profile === 'perf';
  return requestKinds.map((kind, i) => {
    if (isForReaders(profile, draw)) return readersWeights.get(kind) ?? 0;
    if (kind === 'logout' || kind === 'disconnect') {
      if (isFixed) return 0;
      return profile === 'sessions' ? 20 : draw.below(3, 80, i);
    }
    if (kind === 'create-stream') return 30;
    if (isFixed) return kind === 'linearizable-read' ? 3 : 10;
    return draw.below(2, 81, i) === 0 ? 0 : 1 + draw.below(40, 82, i);
  });
}
