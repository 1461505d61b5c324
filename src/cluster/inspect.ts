import { type ReplicaCounters, type ReplicaStatus, tickMillis } from '../consensus/index.js';
import type { NodeHost, PartitionSlotState } from '../host/index.js';
import type { ConnectionSummary } from '../server/index.js';
import { operationName, prepareView, replyView } from '../wire/index.js';
import type { ClusterNode } from './cluster-node.js';
import type { LinkView } from './replica-bus.js';
import type { SettingView } from './settings.js';
import { wideId } from './wide-id.js';

/** Parts of an inspection, in the order in which they are shown. */
export const inspectSections = [
  'state',
  'log',
  'pipeline',
  'clients',
  'sessions',
  'timers',
  'links',
  'partitions',
  'journal',
  'settings',
] as const;
export type InspectSection = (typeof inspectSections)[number];

/** An entry of the log that is in memory. */
export interface LogRow {
  readonly op: number;
  readonly view: number;
  readonly operation: string;
  /** `0x` and 32 hexadecimal digits. */
  readonly client: string;
  readonly request: bigint;
  readonly userId: number;
  readonly timestampMicros: number;
  readonly checksum: string;
  readonly bytes: number;
  readonly state: 'committed' | 'prepared';
}

/** A session of the replicated client table or of its retired tier. */
export interface ClientRow {
  readonly tier: 'live' | 'retired';
  readonly slot?: number;
  readonly client: string;
  readonly userId: number;
  readonly epoch?: number;
  readonly watermark: bigint;
  readonly origin: number;
  /** Cached replies. */
  readonly replies: number;
  readonly latestCommit: number;
}

/** A connection of a client. */
export interface SessionRow {
  /** `0x` and 32 hexadecimal digits. */
  readonly transportId: string;
  readonly address: string;
  readonly transport: 'tcp' | 'websocket';
  readonly framing: string;
  readonly state: 'connected' | 'authenticated' | 'bound';
  readonly userId?: number;
  readonly client?: string;
  readonly session?: number;
  /** Milliseconds since the last frame of the client. */
  readonly lastFrameMillisAgo: number;
}

/** A partition as a node holds it. */
export interface PartitionRow {
  readonly stream: number;
  readonly topic: number;
  readonly partition: number;
  readonly revision: number;
  readonly state: PartitionSlotState;
  /** Why it is refused. */
  readonly reason?: string;
  readonly status?: string;
  readonly role?: 'primary' | 'backup';
  readonly view?: number;
  readonly commit?: number;
  readonly op?: number;
  readonly currentOffset?: number;
  readonly journalBytes?: number;
}

/** A timer of the metadata group. */
export interface TimerRow {
  readonly name: string;
  readonly isRunning: boolean;
  readonly ticksLeft: number;
  readonly baseTicks: number;
}

/** What an inspection of one node shows; a section that was not asked for is absent. */
export interface NodeInspection {
  readonly id: number;
  readonly state?: Readonly<Record<string, string | number | boolean | bigint>>;
  readonly log?: readonly LogRow[];
  readonly pipeline?: readonly LogRow[];
  readonly clients?: readonly ClientRow[];
  readonly sessions?: readonly SessionRow[];
  readonly timers?: readonly TimerRow[];
  readonly links?: readonly LinkView[];
  readonly partitions?: readonly PartitionRow[];
  readonly journal?: Readonly<Record<string, number>>;
  readonly settings?: readonly SettingView[];
}

/** What is not the node's own. */
export interface InspectContext {
  /** All links of the node. */
  readonly links: readonly LinkView[];
  readonly settings: readonly SettingView[];
}

/** Looks into a node that runs; one that is down shows its links and settings only. */
export function inspectNode(
  node: ClusterNode,
  sections: readonly InspectSection[],
  context: InspectContext,
): NodeInspection {
  const wants = (section: InspectSection) => sections.includes(section);
  const { id, host } = node;
  const replica = host?.replica;
  return {
    id,
    ...(wants('links') && { links: context.links }),
    ...(wants('settings') && { settings: context.settings }),
    ...(host !== undefined &&
      wants('journal') && {
        journal: {
          bytes: host.journalBytes,
          entries: host.replica.state.log.size,
          checkpointOp: host.status.checkpointOp,
        },
      }),
    ...(host !== undefined && wants('partitions') && { partitions: partitionsOf(host) }),
    ...(host !== undefined &&
      wants('sessions') && {
        sessions: host.connections().map((each) => sessionOf(id, each)),
      }),
    ...(replica !== undefined && {
      ...(wants('state') && { state: stateOf(replica.status, replica.counters) }),
      ...(wants('log') && { log: logOf(replica.state.log.entries(), replica.status.commitMin) }),
      ...(wants('pipeline') && { pipeline: pipelineOf(replica) }),
      ...(wants('clients') && { clients: clientsOf(replica) }),
      ...(wants('timers') && { timers: timersOf(replica) }),
    }),
  };
}

type Replica = NonNullable<ClusterNode['host']>['replica'];

type StateFields = Record<string, string | number | boolean | bigint>;

function stateOf(status: ReplicaStatus, counters: ReplicaCounters): StateFields {
  const state: StateFields = {};
  for (const name of statusFields) state[name] = status[name];
  for (const [name, value] of Object.entries(counters)) {
    if (typeof value === 'number') state[name] = value;
    else if (value instanceof Map) {
      for (const [key, count] of value) state[`${name}.${String(key)}`] = Number(count);
    }
  }
  return state;
}

const statusFields = [
  'replica',
  'replicaCount',
  'status',
  'view',
  'logView',
  'viewDurable',
  'logViewDurable',
  'primary',
  'isActingPrimary',
  'isCaughtUp',
  'hasCeded',
  'head',
  'commitMin',
  'commitMax',
  'checkpointOp',
  'pipelineLength',
  'requestQueueLength',
  'recoveryBarrier',
  'transferStage',
  'isRepairing',
  'lostUpTo',
  'isFenced',
] as const satisfies readonly (keyof ReplicaStatus)[];

function logOf(
  entries: readonly { readonly op: number; readonly frame: Uint8Array }[],
  commitMin: number,
): readonly LogRow[] {
  return entries.map(({ op, frame }) => ({
    op,
    view: prepareView.view(frame),
    operation: operationName(prepareView.operation(frame)),
    client: wideId(prepareView.client(frame)),
    request: prepareView.request(frame),
    userId: prepareView.userId(frame),
    timestampMicros: prepareView.timestamp(frame),
    checksum: wideId(prepareView.checksum(frame)),
    bytes: frame.length,
    state: op <= commitMin ? 'committed' : 'prepared',
  }));
}

function pipelineOf({ state, status }: Replica): readonly LogRow[] {
  const first = state.pipeline.first?.entry.op ?? 1;
  const ops = Array.from({ length: state.pipeline.length }, (_, i) => first + i);
  const entries = ops.flatMap((op) => {
    const pending = state.pipeline.at(op);
    return pending === undefined ? [] : [{ op, frame: pending.entry.frame }];
  });
  return logOf(entries, status.commitMin);
}

function clientsOf(replica: Replica): readonly ClientRow[] {
  const { live, retired } = replica.clientTable();
  return [
    ...live.map(
      (entry): ClientRow => ({
        tier: 'live',
        slot: entry.slot,
        client: wideId(entry.client),
        userId: entry.userId,
        epoch: entry.epoch,
        watermark: entry.watermark,
        origin: entry.origin,
        replies: entry.replies.length,
        latestCommit: Math.max(entry.epoch, latestOf(entry.replies)),
      }),
    ),
    ...retired.map(
      (entry): ClientRow => ({
        tier: 'retired',
        client: wideId(entry.client),
        userId: entry.userId,
        watermark: entry.watermark,
        origin: entry.origin,
        replies: entry.reply === undefined ? 0 : 1,
        latestCommit: entry.latestCommit,
      }),
    ),
  ];
}

/** Commit op of the newest cached reply. */
function latestOf(replies: readonly Uint8Array[]): number {
  const newest = replies.at(-1);
  return newest === undefined ? 0 : Number(replyView.op(newest));
}

function sessionOf(node: number, summary: ConnectionSummary): SessionRow {
  const { connection, address, transport, framing, session, isAuthenticated, silentTicks } =
    summary;
  return {
    transportId: wideId((BigInt(node) << 112n) | BigInt(connection)),
    address,
    transport: transport === 4 ? 'websocket' : 'tcp',
    framing,
    state: session !== undefined ? 'bound' : isAuthenticated ? 'authenticated' : 'connected',
    lastFrameMillisAgo: silentTicks * tickMillis,
    ...(session !== undefined && {
      userId: session.userId,
      client: wideId(session.clientId),
      session: session.epoch,
    }),
  };
}

function partitionsOf(host: NodeHost): readonly PartitionRow[] {
  const rows = [...host.partitions.slots.values()].map((slot): PartitionRow => {
    const { address, state, reason } = slot;
    const live = slot.host?.status;
    return {
      ...address,
      state,
      ...(reason !== undefined && { reason }),
      ...(live !== undefined &&
        slot.host !== undefined && {
          status: live.status,
          role: live.isActingPrimary ? 'primary' : 'backup',
          view: live.view,
          commit: live.commitMin,
          op: live.head,
          currentOffset: slot.host.view.currentOffset,
          journalBytes: slot.host.journalBytes,
        }),
    };
  });
  return rows.sort((a, b) => a.stream - b.stream || a.topic - b.topic || a.partition - b.partition);
}

const timerNames = [
  'heartbeat',
  'startViewChange',
  'doViewChange',
  'prepare',
  'commit',
  'probe',
  'viewChangeStatus',
] as const;

function timersOf({ state }: Replica): readonly TimerRow[] {
  return timerNames.map((name) => {
    const { isRunning, ticksLeft, base } = state.timeouts[name];
    return { name, isRunning, ticksLeft: isRunning ? ticksLeft : 0, baseTicks: base };
  });
}
