import {
  type Column,
  fittingColumns,
  humanDuration,
  type Row,
  type Tone,
} from '../../render/index.js';
import { type NodeRecord, type StatusRecord, statesOf } from './status-record.js';

/** Columns of `cluster status`; keys are those of the JSON. */
export const statusColumns: readonly Column[] = [
  { key: 'id', title: 'Node' },
  { key: 'address', title: 'Address' },
  { key: 'role', title: 'Role' },
  { key: 'status', title: 'Status' },
  { key: 'view', title: 'View', align: 'right' },
  { key: 'log_view', title: 'Log view', align: 'right' },
  { key: 'commit', title: 'Commit', align: 'right' },
  { key: 'op', title: 'Op', align: 'right' },
  { key: 'lag', title: 'Lag', align: 'right' },
  { key: 'pipeline', title: 'Pipeline', align: 'right' },
  { key: 'uptime_us', title: 'Uptime', align: 'right' },
  { key: 'rtt_us', title: 'RTT', align: 'right' },
  { key: 'error', title: 'Error' },
];

/** Columns that a narrow terminal can do without, the least important first. */
const spare = ['rtt_us', 'log_view', 'pipeline', 'uptime_us', 'lag'];
/** What a very narrow one gives up too; a column without any error goes before them. */
const lastSpare = ['op', 'address', 'commit', 'view'];
/** What an error must at least have room for, so that its begin can be read. */
const errorWidth = 12;

/**
 * The columns that fit a terminal of `width`, so that what is shown is not cut; all of them when the
 * output is no terminal (0).
 */
export function statusColumnsFor(nodes: readonly NodeRecord[], width: number): readonly Column[] {
  const isWell = nodes.every(({ error }) => error === null);
  return fittingColumns(statusColumns, nodes.map(statusRow), {
    width,
    spare: [...spare, ...(isWell ? ['error'] : []), ...lastSpare],
    cut: { error: errorWidth },
  });
}

/** A node as a row of {@link statusColumns}. */
export function statusRow(node: NodeRecord): Row {
  return {
    ...node,
    role: { text: node.role, tone: node.role === 'primary' ? 'name' : 'plain' },
    status: { text: node.status, tone: toneOf(node) },
    uptime_us: durationCell(node.uptime_us),
    rtt_us: durationCell(node.rtt_us),
    error: node.error === null ? null : { text: node.error, tone: 'bad' },
  };
}

/** One line that says how a cluster is. */
export function healthLine(status: StatusRecord): string {
  const { name, healthy, view, primary, nodes } = status;
  const well = nodes.filter(({ reachable }) => reachable).length;
  const silent = statesOf(nodes.filter(({ reachable }) => !reachable));
  const inView = view === null ? '' : `view ${view}, `;
  const where = `${inView}primary ${primary ?? 'none'}, ${well} of ${nodes.length} nodes answer`;
  return healthy
    ? `${name} is healthy: ${where}${silent === '' ? '' : ` (${silent})`}`
    : `${name} is unhealthy: ${status.reasons.join('; ')} (${where})`;
}

function toneOf({ status, reachable }: NodeRecord): Tone {
  if (status === 'normal' || status === 'healthy') return 'ok';
  return reachable ? 'warn' : 'bad';
}

function durationCell(micros: number | null): string | null {
  return micros === null ? null : humanDuration(micros);
}
