import {
  displayWidth,
  fittingColumns,
  humanDuration,
  humanSize,
  type Row,
  renderTable,
  type Style,
  stripStyle,
  truncate,
} from '../../render/index.js';
import type { TopLook } from './top-source.js';

export interface TopSize {
  readonly columns: number;
  /** Lines at most; 0 = as many as there are. */
  readonly rows: number;
}

/** Messages a second since the look before; nothing at the first. */
function rateOf(now: bigint, before: bigint | undefined, seconds: number): number | null {
  if (before === undefined || seconds <= 0) return null;
  return Math.max(0, Math.round(Number(now - before) / seconds));
}

/** One look as lines, compared with the one before. */
export function topView(
  look: TopLook,
  before: TopLook | undefined,
  size: TopSize,
  style: Style,
): readonly string[] {
  const { columns } = size;
  const seconds = before === undefined ? 0 : (look.atMillis - before.atMillis) / 1000;
  const rate = rateOf(look.messages, before?.messages, seconds);
  const head = [
    `${style('heading', look.node)}  ${look.version}  ${look.hostname}`,
    [
      `up ${humanDuration(look.runTimeMicros)}`,
      `cpu ${look.cpu.toFixed(1)} %`,
      `memory ${humanSize(look.memory)}`,
      `clients ${look.clients}`,
      `messages ${look.messages}${rate === null ? '' : ` (${rate}/s)`}`,
    ].join('   '),
    '',
  ];
  const options = { width: columns, style };
  const nodes = look.nodes.length === 0 ? [] : [...nodeLines(look, options), ''];
  const lines = [...head, ...nodes, ...streamLines(look, before, seconds, options)];
  const shown = size.rows > 0 ? lines.slice(0, size.rows) : lines;
  return shown.map((line) =>
    columns > 0 && displayWidth(line) > columns ? truncate(stripStyle(line), columns) : line,
  );
}

type Options = { readonly width: number; readonly style: Style };

function nodeLines({ nodes }: TopLook, options: Options): readonly string[] {
  const rows = nodes.map((each): Row => {
    const { name, address, role, status } = each;
    return {
      ...{ name: String(name), address: String(address), role: String(role) },
      status: { text: String(status), tone: status === 'healthy' ? 'ok' : 'warn' },
    };
  });
  const columns = [
    { key: 'name', title: 'Node' },
    { key: 'address', title: 'Address' },
    { key: 'role', title: 'Role' },
    { key: 'status', title: 'Status' },
  ];
  const shown = fittingColumns(columns, rows, { width: options.width, spare: ['address'] });
  return renderTable(shown, rows, options).split('\n');
}

function streamLines(
  look: TopLook,
  before: TopLook | undefined,
  seconds: number,
  options: Options,
): readonly string[] {
  const known = new Map(before?.streams.map((each) => [each.id, each.messages_count]));
  const rows = look.streams
    .map((each) => ({
      ...{ id: each.id, name: each.name, topics: each.topics_count },
      ...{ messages: each.messages_count, size: humanSize(each.size_bytes) },
      rate: rateOf(each.messages_count, known.get(each.id), seconds),
    }))
    .sort((a, b) => (b.rate ?? 0) - (a.rate ?? 0) || Number(b.messages - a.messages));
  const columns = [
    { key: 'id', title: 'ID', align: 'right' },
    { key: 'name', title: 'Stream' },
    { key: 'topics', title: 'Topics', align: 'right' },
    { key: 'messages', title: 'Messages', align: 'right' },
    { key: 'rate', title: 'msg/s', align: 'right' },
    { key: 'size', title: 'Size', align: 'right' },
  ] as const;
  const shown = fittingColumns(columns, rows, { width: options.width, spare: ['topics', 'id'] });
  return renderTable(shown, rows, options).split('\n');
}
