import type { Json } from '../../cluster/index.js';
import { JsonFields } from './json-fields.js';

/** One node of a `cluster.status` record. */
export type NodeRecord = {
  readonly id: number;
  readonly address: string;
  readonly reachable: boolean;
  readonly role: string;
  /** `normal`, `view-change`, `recovering`, or why it does not answer: `down`, `paused` … */
  readonly status: string;
  readonly view: number | null;
  readonly log_view: number | null;
  readonly commit: string | null;
  readonly op: string | null;
  readonly lag: string | null;
  readonly pipeline: number | null;
  readonly checkpoint_op: string | null;
  /** Partitions that are being opened or filled there. */
  readonly partitions_behind: number | null;
  readonly uptime_us: number | null;
  readonly rtt_us: number | null;
  readonly error: string | null;
};

/** The result of `cluster status`. */
export type StatusRecord = {
  readonly kind: 'cluster.status';
  readonly v: 1;
  readonly name: string;
  readonly source: 'control' | 'remote';
  readonly healthy: boolean;
  readonly reasons: readonly string[];
  readonly quorum: { readonly need: number; readonly have: number };
  readonly view: number | null;
  readonly primary: number | null;
  readonly nodes: readonly NodeRecord[];
};

/** What counts as healthy. */
export interface HealthRules {
  /** Nodes that have to take part; a quorum if absent. */
  readonly expectNodes?: number | undefined;
  /** Operations a backup may be behind. */
  readonly maxLag?: number | undefined;
}

const defaultMaxLag = 64;

/** The `status` answer of a control socket as a record. */
export function statusOfControl(
  answer: Json,
  rules: HealthRules = {},
  rttMicros: number | null = null,
): StatusRecord {
  const fields = new JsonFields(answer);
  const quorum = fields.fields('quorum');
  const nodes = fields.fieldsList('nodes');
  return judged(
    {
      kind: 'cluster.status',
      v: 1,
      name: fields.text('name') ?? '',
      source: 'control',
      quorum: { need: quorum.number('need') ?? 0, have: quorum.number('have') ?? 0 },
      view: fields.number('view') ?? null,
      primary: fields.number('primary') ?? null,
      nodes: nodes.map((node) => nodeOfControl(node, rttMicros)),
    },
    rules,
    nodes.flatMap((node) => node.texts('refusals')),
  );
}

/** Adds the verdict to a status. @param refusals what nodes do not serve, in words */
export function judged(
  status: Omit<StatusRecord, 'healthy' | 'reasons'>,
  rules: HealthRules,
  refusals: readonly string[] = [],
): StatusRecord {
  const reasons = [...reasonsOf(status, rules), ...refusals];
  const { kind, v, name, source, quorum, view, primary, nodes } = status;
  const healthy = reasons.length === 0;
  return { kind, v, name, source, healthy, reasons, quorum, view, primary, nodes };
}

function reasonsOf(
  { quorum, primary, nodes }: Omit<StatusRecord, 'healthy' | 'reasons'>,
  { expectNodes, maxLag = defaultMaxLag }: HealthRules,
): readonly string[] {
  const answering = nodes.filter(({ reachable }) => reachable);
  const taking = nodes.filter(takesPart).length;
  const views = new Set(answering.flatMap(({ view }) => (view === null ? [] : [view])));
  return [
    ...(quorum.have < quorum.need
      ? [`no quorum (${quorum.have} of ${quorum.need} needed nodes take part)`]
      : []),
    ...(expectNodes !== undefined && taking < expectNodes
      ? [`${taking} of ${expectNodes} expected nodes take part${absentees(nodes)}`]
      : []),
    ...(primary === null ? ['there is no primary'] : []),
    ...(views.size > 1 ? [`the nodes are in different views (${[...views].join(', ')})`] : []),
    ...answering
      .filter(({ lag }) => lag !== null && Number(lag) > maxLag)
      .map(({ id, lag }) => `node ${id} is ${lag} operations behind`),
  ];
}

/** Whether a node answers and does its part in the cluster. */
export function takesPart({ reachable, status }: NodeRecord): boolean {
  return reachable && (status === 'normal' || status === 'healthy');
}

function absentees(nodes: readonly NodeRecord[]): string {
  const absent = statesOf(nodes.filter((node) => !takesPart(node)));
  return absent === '' ? '' : `: ${absent}`;
}

/** The nodes with what each is: `node 0 is down, node 2 is paused`. */
export function statesOf(nodes: readonly NodeRecord[]): string {
  return nodes.map(({ id, status }) => `node ${id} is ${status}`).join(', ');
}

function nodeOfControl(node: JsonFields, rttMicros: number | null): NodeRecord {
  const uptime = node.number('uptimeMillis');
  const reachable = node.isTrue('reachable');
  const status = node.text('status') ?? '';
  return {
    id: node.number('id') ?? 0,
    address: node.text('address') ?? '',
    reachable,
    role: node.text('role') ?? 'none',
    status: status === 'killed' ? 'down' : status,
    view: node.number('view') ?? null,
    log_view: node.number('logView') ?? null,
    commit: decimal(node.number('commit')),
    op: decimal(node.number('op')),
    lag: decimal(node.number('lag')),
    pipeline: node.number('pipeline') ?? null,
    checkpoint_op: decimal(node.number('checkpointOp')),
    partitions_behind: node.number('partitionsBehind') ?? null,
    uptime_us: uptime === undefined ? null : Math.round(uptime * 1000),
    rtt_us: reachable ? rttMicros : null,
    error: node.text('error') ?? null,
  };
}

function decimal(value: number | undefined): string | null {
  return value === undefined ? null : String(value);
}
