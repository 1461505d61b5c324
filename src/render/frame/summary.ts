import { getU32, getU64, getU128 } from '../../base/index.js';
import type { FrameView } from '../../decoder/index.js';
import { humanDuration, humanSize, humanTime } from '../human.js';
import type { Style, Tone } from '../style.js';
import { displayWidth } from '../text.js';

/** A piece of a summary line; pieces with a higher rank are dropped first when there is no room. */
interface Piece {
  readonly text: string;
  readonly tone: Tone;
  readonly rank: number;
}

/** Header fields worth a place in the first line, in this order. */
const telling: readonly string[] = ['view', 'op', 'commit', 'request', 'session'];

const directions = {
  client: 'client → server',
  server: 'server → client',
  replica: 'replica → replica',
} as const;

/** The first line of a frame: what it is, in one glance. Never wider than `width` unless it is 0. */
export function frameSummary(
  view: FrameView,
  options: { readonly style: Style; readonly width: number; readonly numbered: boolean },
): string {
  let pieces = piecesOf(view, options.numbered);
  const length = () => pieces.reduce((sum, piece) => sum + displayWidth(piece.text) + 2, -2);
  while (options.width > 0 && length() > options.width && pieces.length > 1) {
    const worst = Math.max(...pieces.map((piece) => piece.rank));
    const at = pieces.findLastIndex((piece) => piece.rank === worst);
    pieces = pieces.filter((_, index) => index !== at);
  }
  return pieces.map((piece) => options.style(piece.tone, piece.text)).join('  ');
}

function piecesOf(view: FrameView, numbered: boolean): readonly Piece[] {
  const pieces: Piece[] = [
    { text: titleOf(view), tone: view.problems.length > 0 ? 'bad' : 'heading', rank: 0 },
  ];
  const add = (text: string, rank: number, tone: Tone = 'plain') =>
    pieces.push({ text, tone, rank });
  for (const name of telling) {
    const value = field(view, name);
    const isTelling = value !== 0n || (name === 'view' && view.direction === 'replica');
    if (value !== undefined && isTelling) add(`${name} ${value}`, 3);
  }
  const { operation } = view;
  if (operation !== undefined && view.family === 'vsr') {
    const { command } = operation;
    const isRead = operation.name === 'NonReplicated' && command !== undefined;
    add(isRead ? command.name : operation.name, 1, 'enum');
  }
  const id = field(view, 'request_id');
  if (id !== undefined) add(`request id ${id}`, 2);
  if (view.status !== undefined) add(`${view.status.name} (${view.status.code})`, 1, 'bad');
  if (view.reason !== undefined) add(`${view.reason.name} (${view.reason.code})`, 1, 'bad');
  const failed = view.body.results?.[0];
  if (failed !== undefined) add(`${failed.name} (${failed.result})`, 1, 'bad');
  const client = field(view, 'client');
  if (client !== undefined) add(`client ${shortId(client)}`, 5);
  add(humanSize(view.length), 2);
  if (view.direction !== undefined) add(directions[view.direction], 6, 'dim');
  if (view.source.flow !== undefined) add(view.source.flow, 7, 'dim');
  const time = timeOf(view);
  if (time !== undefined) add(time, 8, 'dim');
  if (view.pair?.latencyMicros !== undefined) {
    add(`${humanDuration(view.pair.latencyMicros)} after frame ${view.pair.request}`, 4, 'dim');
  } else if (view.pair !== undefined && view.pair.request !== view.index) {
    add(`answers frame ${view.pair.request}`, 4, 'dim');
  }
  if (view.readings.length > 0) add('ambiguous', 1, 'warn');
  if (numbered) add(`frame ${view.index} at ${view.offset}`, 9, 'dim');
  return pieces;
}

function titleOf(view: FrameView): string {
  switch (view.family) {
    case 'vsr':
      return view.header.layout === 'HeartbeatAnswer' ? 'Pong' : view.command.name;
    case 'request':
    case 'legacy_request':
      return `Request ${view.command.name} (${view.command.code})`;
    default:
      return view.command.code === 0 ? 'Response ok' : 'Response';
  }
}

function timeOf(view: FrameView): string | undefined {
  const { timeMicros, source } = view;
  if (timeMicros === undefined) return undefined;
  const text = humanTime(timeMicros);
  return source.clockOnly ? text?.slice(11, -4) : text;
}

/** The value of a header field by its name, or undefined when the frame has none. */
function field(view: FrameView, name: string): bigint | undefined {
  let offset = 0;
  const { shape } = view.header.codec;
  for (const each of shape.kind === 'struct' ? shape.fields : []) {
    const size = each.codec.size ?? 0;
    if (each.name === name) {
      if (size === 16) return getU128(view.bytes, offset);
      return size === 8 ? getU64(view.bytes, offset) : BigInt(getU32(view.bytes, offset));
    }
    offset += size;
  }
  return undefined;
}

/** A 128-bit id by its first digits, enough to tell a few apart. */
export function shortId(value: bigint): string {
  const digits = value.toString(16).padStart(32, '0');
  return value === 0n ? '0' : `0x${digits.slice(0, 8)}…${digits.slice(-4)}`;
}
