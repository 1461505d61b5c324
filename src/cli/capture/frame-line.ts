import { getU64 } from '../../base/index.js';
import { type FrameView, maskedRanges } from '../../decoder/index.js';
import { humanDuration, isoTime, JsonBytes, writeFrameJson } from '../../render/index.js';
import { Command, replyView, requestView } from '../../wire/index.js';
import type { StreamColumn } from '../output/stream-table.js';

/** Columns of frames in a table that grows; see {@link frameRow}. */
export const frameColumns: readonly StreamColumn[] = [
  { title: 'Time', width: 15 },
  { title: 'Conn', width: 4, align: 'right', leaveOut: 5 },
  { title: 'Dir', width: 3 },
  { title: 'Command', width: 8, leaveOut: 2 },
  { title: 'Operation', width: 26 },
  { title: 'Req', width: 4, align: 'right', leaveOut: 4 },
  { title: 'Session', width: 7, align: 'right', leaveOut: 1 },
  { title: 'Size', width: 6, align: 'right', leaveOut: 6 },
  { title: 'Latency', width: 9, leaveOut: 3 },
  { title: 'Status', width: 6 },
];

/** In the 16-byte framing. */
const requestIdAt = 8;

type Cell = string | number | bigint | null;

/** One frame as a row. */
export function frameRow(view: FrameView, connection: number): readonly Cell[] {
  const { timeMicros, direction, family, operation, length, pair, status, reason } = view;
  const { request, session } = numbersOf(view);
  const time = timeMicros === undefined ? null : (isoTime(timeMicros) ?? '').slice(11, 26);
  const arrow = direction === 'server' ? '<-' : direction === 'client' ? '->' : '--';
  // Without a consensus header there is no command but the one that the operation names too.
  const command = family === 'vsr' ? view.command.name : family;
  const refusal = family === 'response' && view.command.code !== 0 ? view.command : undefined;
  const name = operation?.command?.name ?? operation?.name ?? null;
  const latency = pair?.latencyMicros;
  const problem = view.problems.length > 0 ? 'MALFORMED' : null;
  return [
    ...[time, connection, arrow, command, name, request, session, length],
    latency === undefined ? null : humanDuration(latency),
    (reason ?? status ?? refusal)?.name ?? problem,
  ];
}

/** Request and session number of a frame, where it has them. */
function numbersOf({ family, command, bytes }: FrameView): {
  readonly request: bigint | null;
  readonly session: bigint | null;
} {
  if (family !== 'vsr') {
    return { request: bytes.length < 16 ? null : getU64(bytes, requestIdAt), session: null };
  }
  if (bytes.length < 256) return { request: null, session: null };
  if (command.code === Command.Request) {
    return { request: requestView.request(bytes), session: requestView.session(bytes) };
  }
  if (command.code === Command.Reply) return { request: replyView.request(bytes), session: null };
  return { request: null, session: null };
}

/** A frame as the object that `decode` prints, without the bytes of its body. */
export function frameObject(
  view: FrameView,
  options: { readonly showSecrets: boolean; readonly withBody: boolean },
): Readonly<Record<string, unknown>> {
  const { showSecrets, withBody } = options;
  const chunks: Uint8Array[] = [];
  const out = new JsonBytes((chunk) => chunks.push(chunk.slice()));
  const masked = showSecrets ? [] : maskedRanges(view);
  const only = withBody ? undefined : 'header';
  writeFrameJson(out, view, { masked, showSecrets, only, fields: undefined });
  out.flush();
  const text = Buffer.concat(chunks).toString('utf8');
  const {
    kind: _kind,
    v: _v,
    body_hex: _hex,
    ...rest
  } = JSON.parse(text) as Record<string, unknown>;
  return rest;
}
