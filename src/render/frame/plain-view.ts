import type { FieldRow, FrameView } from '../../decoder/index.js';
import { isoTime } from '../human.js';
import { printable } from '../text.js';
import { valueText } from './value-text.js';

/** Fields of the header that have a column of their own. */
const headerColumns = ['request', 'session', 'view', 'op', 'commit'] as const;

/**
 * One frame as one line of tab-separated exact values: index, offset, length, framing, direction,
 * time, flow, command, operation, command of the request, request, session, view, op, commit,
 * status. With `fields`, exactly those. A value that a frame does not have is empty.
 */
export function framePlainLine(
  view: FrameView,
  rows: readonly FieldRow[],
  options: { readonly showSecrets: boolean; readonly fields: readonly string[] | undefined },
): string {
  const names = options.fields ?? [
    ...['index', 'offset', 'length', 'framing', 'direction', 'time', 'flow', 'command'],
    ...['operation', 'request_command', ...headerColumns, 'status'],
  ];
  const cells = names.map(
    (name) => general(view, name) ?? fromRow(rows, name, options.showSecrets),
  );
  return `${cells.map(printable).join('\t')}\n`;
}

function general(view: FrameView, name: string): string | undefined {
  const { timeMicros, source } = view;
  switch (name) {
    case 'index':
      return String(view.index);
    case 'offset':
      return String(view.offset);
    case 'length':
      return String(view.length);
    case 'framing':
      return view.family;
    case 'direction':
      return view.direction ?? '';
    case 'time':
      return timeMicros === undefined || source.clockOnly ? '' : (isoTime(timeMicros) ?? '');
    case 'flow':
      return source.flow ?? '';
    case 'command':
      return view.command.name;
    case 'operation':
      return view.operation?.name ?? '';
    case 'request_command':
      return view.operation?.command?.name ?? '';
    case 'status':
      return view.status === undefined ? '' : String(view.status.code);
    case 'reason':
      return view.reason?.name ?? '';
    case 'pair':
      return view.pair === undefined ? '' : String(view.pair.request);
    case 'latency_us':
      return String(view.pair?.latencyMicros ?? '');
    default:
      return undefined;
  }
}

function fromRow(rows: readonly FieldRow[], name: string, showSecrets: boolean): string {
  const row = rows.find((each) => each.path === name || each.name === name);
  if (row === undefined) return '';
  const text = valueText(row, { showSecrets, short: false });
  return row.span.value !== undefined && typeof row.span.value === 'string' && !row.secret
    ? row.span.value
    : text;
}
