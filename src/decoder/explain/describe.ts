import { annotate, groupLabel, type Span, toTypedValue, valueKindName } from '../../wire/index.js';
import type { FieldRow, FrameView, Unit } from './frame-view.js';
import { headerMeaning, numberParts } from './meanings.js';
import { snake } from './vsr.js';

const timeNames = /^(?:timestamp|created_at|base_timestamp|origin_timestamp|start_time|expiry_at)$/;
const byteNames = /^(?:size|length|len|.*_size|.*_length|.*_bytes|memory_usage|.*_memory)$/;
const durationNames = /^(?:expiry|message_expiry|run_time)$/;

/** The rows of a field table: header first, then the body as far as it is known. */
export function describeFrame(view: FrameView): readonly FieldRow[] {
  return [...headerRows(view), ...bodyRows(view)];
}

function headerRows(view: FrameView): readonly FieldRow[] {
  const { codec, size } = view.header;
  const { spans } = annotate(codec, view.bytes.subarray(0, size), { allowTrailing: true });
  return spans.map((span) => {
    const name = snake(span.path);
    const note = headerMeaning(view, name, span);
    return {
      ...row(span, { path: name, name, depth: 0, start: 0 }),
      ...(note === undefined ? {} : note),
    };
  });
}

function bodyRows(view: FrameView): readonly FieldRow[] {
  const rows = view.body.parts.flatMap((part) => {
    const bytes = view.bytes.subarray(part.start, part.end);
    const { spans } = annotate(part.codec, bytes, { allowTrailing: true });
    return partRows(spans, part.start);
  });
  const rest = restRow(view);
  return rest === undefined ? rows : [...rows, rest];
}

/** What of the body no structure describes. */
function restRow({ bytes, body }: FrameView): FieldRow | undefined {
  const start = Math.max(body.start, ...body.parts.map((part) => part.end));
  const size = body.end - start;
  if (size <= 0) return undefined;
  const span: Span = {
    ...{ path: 'payload', offset: 0, size, type: 'bytes', value: bytes.subarray(start, body.end) },
    ...{ doc: 'Not decoded.', composite: false, secret: body.hidden, complete: true },
  };
  return row(span, { path: 'body.payload', name: 'payload', depth: 0, start });
}

function partRows(spans: readonly Span[], start: number): readonly FieldRow[] {
  const rows: FieldRow[] = [];
  // Inside an identifier or a typed value, only the number or the name matters.
  let collapsed = '';
  for (const [at, span] of spans.entries()) {
    const path = snake(span.path);
    const pieces = path.split('.');
    const name = pieces.at(-1) ?? path;
    const inside = collapsed !== '' && span.path.startsWith(collapsed);
    if (!inside) collapsed = '';
    const whole = inside || !span.composite ? undefined : wholeOf(spans, at);
    if (whole !== undefined) collapsed = `${span.path}.`;
    const shown = whole === undefined ? span : { ...span, ...whole, composite: false };
    rows.push({
      ...row(shown, { path: `body.${path}`, name, depth: pieces.length - 1, start }),
      isDetail: inside || saysNothing(name, span),
      isWhole: whole !== undefined,
    });
  }
  return rows;
}

const tellsOfLayout: ReadonlySet<string> = new Set(['Bytes that follow.', 'Number of items.']);

/** Lengths and counts of what follows anyway, and the kind of keys, which is always the same. */
function saysNothing(name: string, span: Span): boolean {
  return tellsOfLayout.has(span.doc) || name === 'key_kind';
}

/** What an identifier or a typed value amounts to; its parts come right behind its own span. */
function wholeOf(spans: readonly Span[], at: number): Pick<Span, 'value' | 'display'> | undefined {
  const own = spans[at];
  if (own?.type !== 'Identifier' && own?.type !== 'HeaderField') return undefined;
  const parts = spans.slice(at + 1, at + 6).filter((span) => span.path.startsWith(`${own.path}.`));
  const leaf = (name: string) =>
    parts.findLast((span) => span.path.endsWith(`.${name}`) && !span.composite && span.complete);
  const value = leaf('value')?.value;
  if (own.type === 'Identifier') return value === undefined ? undefined : { value };
  const kind = leaf('kind')?.value;
  if (typeof kind !== 'number' || !(value instanceof Uint8Array)) return undefined;
  return { value: toTypedValue(kind, value), display: valueKindName(kind) };
}

function row(
  span: Span,
  place: { readonly path: string; readonly name: string; depth: number; readonly start: number },
): FieldRow {
  const { path, name, depth, start } = place;
  const unit = unitOf(name, span);
  return {
    ...{ path, name, depth, span, offset: start + span.offset, size: span.size, unit },
    meaning: unit === 'group' && typeof span.value === 'bigint' ? groupLabel(span.value) : span.doc,
    state: span.complete ? undefined : 'bad',
    secret: span.secret,
    isDetail: false,
    isWhole: false,
    parts: numberParts(name, span),
  };
}

function unitOf(name: string, span: Span): Unit | undefined {
  if (span.type === 'u128') return /checksum|parent/.test(name) ? 'checksum' : 'id';
  if (typeof span.value === 'bigint' && /checksum/.test(name)) return 'checksum';
  if (name === 'group' || name === 'consensus_group_id' || name === 'namespace') return 'group';
  if (typeof span.value !== 'bigint' && typeof span.value !== 'number') return undefined;
  if (timeNames.test(name)) return 'time';
  if (durationNames.test(name)) return 'duration';
  return byteNames.test(name) ? 'bytes' : undefined;
}
