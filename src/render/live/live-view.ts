import { fittingColumns } from '../fitting-columns.js';
import { humanDuration, isoTime } from '../human.js';
import { plainStyle, type Style, type Tone } from '../style.js';
import { type Cell, type Column, type Row, renderTable } from '../table.js';
import { displayWidth, padRight, printable, stripStyle, truncate } from '../text.js';
import type { LiveEvent, LiveModel, LiveNode, LiveSize } from './live-model.js';

const keys = [
  ['↑↓', 'select'],
  ['k', 'kill'],
  ['r', 'restart'],
  ['i', 'isolate'],
  ['h', 'heal'],
  ['s', 'step-down'],
  ['l', 'logs'],
  ['q', 'stop'],
] as const;

/** Events shown beside the nodes. */
const fewEvents = 10;

/**
 * The live view of a local cluster as exactly `size.rows` lines, none wider than `size.columns`.
 * Colour only repeats what words say.
 */
export function liveView(
  model: LiveModel,
  size: LiveSize,
  style: Style = plainStyle,
): readonly string[] {
  const width = Math.max(20, size.columns);
  const bottom = [messageLine(model, width, style), keyLine(model, width, style)];
  const top = [
    headerLine(model, width, style),
    ...healthLines(model, width, style),
    '',
    ...nodeLines(model, width, style),
    '',
    ...(model.showsLog ? [] : noticeLines(model, width, style)),
  ];
  const room = Math.max(0, size.rows - top.length - bottom.length);
  const events = eventLines(model, model.showsLog ? room : Math.min(room, fewEvents + 1), {
    width,
    style,
  });
  const lines = [...top.slice(0, Math.max(0, size.rows - bottom.length)), ...events];
  while (lines.length < size.rows - bottom.length) lines.push('');
  // Tables have a least width; what is still too wide must not wrap and shift the lines below.
  return [...lines, ...bottom]
    .slice(0, size.rows)
    .map((line) => (displayWidth(line) > width ? truncate(stripStyle(line), width) : line));
}

function headerLine(model: LiveModel, width: number, style: Style): string {
  const { name, view, primary, commit, opsPerSecond, uptimeMicros } = model;
  const facts = [
    `view ${view ?? '-'}`,
    `primary ${primary ?? '-'}`,
    `commit ${commit}`,
    `${opsPerSecond} ops/s`,
  ].join('   ');
  const left = `${style('heading', printable(name))}   ${facts}`;
  const right = `up ${humanDuration(Math.floor(uptimeMicros / 1_000_000) * 1_000_000)}`;
  const gap = width - displayWidth(left) - right.length;
  return gap < 2
    ? truncate(stripStyle(left), width)
    : `${left}${' '.repeat(gap)}${style('dim', right)}`;
}

function healthLines(model: LiveModel, width: number, style: Style): string[] {
  if (model.isHealthy) return [style('ok', 'healthy')];
  return [style('bad', truncate(`unhealthy: ${model.reasons.join('; ')}`, width))];
}

const columns: readonly Column[] = [
  { key: 'mark', title: ' ' },
  { key: 'id', title: 'Node' },
  { key: 'address', title: 'Address' },
  { key: 'role', title: 'Role' },
  { key: 'status', title: 'Status' },
  { key: 'view', title: 'View', align: 'right' },
  { key: 'commit', title: 'Commit', align: 'right' },
  { key: 'op', title: 'Op', align: 'right' },
  { key: 'pipeline', title: 'Pipe', align: 'right' },
  { key: 'clients', title: 'Conns', align: 'right' },
  { key: 'links', title: 'Links' },
];

/** Columns that narrow terminals do without, the least important first. */
const spare = ['clients', 'pipeline', 'op', 'address', 'commit', 'view'];
/** Why a node stopped may be longer than everything else. */
const cut = { links: 12 };

function nodeLines(model: LiveModel, width: number, style: Style): string[] {
  const rows = model.nodes.map((node) => nodeRow(node, node.id === model.selected));
  const shown = fittingColumns(columns, rows, { width, spare, cut });
  return renderTable(shown, rows, { width, style }).split('\n');
}

function nodeRow(node: LiveNode, isSelected: boolean): Row {
  const cell = (value: number | undefined): Cell => value ?? '-';
  return {
    mark: isSelected ? { text: '>', tone: 'strong' } : ' ',
    id: { text: String(node.id), tone: isSelected ? 'strong' : 'plain' },
    address: node.address,
    role: { text: node.role, tone: node.role === 'primary' ? 'name' : 'plain' },
    status: { text: node.status, tone: statusTone(node.status) },
    view: cell(node.view),
    commit: cell(node.commit),
    op: cell(node.op),
    pipeline: cell(node.pipeline),
    clients: cell(node.connections),
    links:
      node.error === undefined
        ? { text: node.links, tone: node.links === 'ok' ? 'dim' : 'warn' }
        : { text: node.error, tone: 'bad' },
  };
}

function statusTone(status: string): Tone {
  if (status === 'normal') return 'ok';
  if (status === 'stopped' || status === 'refused' || status === 'down') return 'bad';
  return 'warn';
}

function noticeLines(model: LiveModel, width: number, style: Style): string[] {
  const lines = model.notices.map(({ tone, text }) => style(tone, truncate(text, width)));
  return lines.length === 0 ? [] : [...lines, ''];
}

function eventLines(
  model: LiveModel,
  room: number,
  { width, style }: { readonly width: number; readonly style: Style },
): string[] {
  if (room < 2) return [];
  const title = style('strong', model.showsLog ? 'Events (l: back)' : 'Events');
  const shown = model.events.slice(-(room - 1));
  if (shown.length === 0) return [title, style('dim', 'none yet')];
  return [title, ...shown.map((event) => eventLine(event, width, style))];
}

function eventLine(event: LiveEvent, width: number, style: Style): string {
  const time = (isoTime(event.timeMicros) ?? '').slice(11, 23);
  const node = event.node === undefined ? 'cluster' : `node ${event.node}`;
  const head = `${time}  ${padRight(node, 7)}  `;
  const rest = truncate(
    `${event.event}  ${printable(event.detail)}`.trimEnd(),
    Math.max(4, width - head.length),
  );
  const tone: Tone = event.level === 'error' ? 'bad' : event.level === 'warn' ? 'warn' : 'plain';
  return `${style('dim', head)}${style(tone, rest)}`;
}

function messageLine(model: LiveModel, width: number, style: Style): string {
  if (model.message === undefined) return '';
  return style(model.message.tone, truncate(printable(model.message.text), width));
}

function keyLine(model: LiveModel, width: number, style: Style): string {
  const keysText = (gap: string, dress: Style) =>
    keys.map(([key, what]) => `${dress('strong', key)} ${what}`).join(gap);
  const prefix = `node ${model.selected}:  `;
  const room = width - displayWidth(keysText('  ', plainStyle));
  if (room < 0) return truncate(keysText(' ', plainStyle), width);
  return `${room < prefix.length ? '' : style('dim', prefix)}${keysText('  ', style)}`;
}
