import { annotate, groupLabel, type Span } from '../../wire/index.js';
import type { FieldRow, FrameView, Unit } from './frame-view.js';
import { headerMeaning } from './meanings.js';
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
  const rows: FieldRow[] = [];
  for (const part of view.body.parts) {
    const bytes = view.bytes.subarray(part.start, part.end);
    const { spans } = annotate(part.codec, bytes, { allowTrailing: true });
    for (const span of spans) {
      const path = snake(span.path);
      const pieces = path.split(/\.|(?=\[)/);
      rows.push(
        row(span, {
          path: `body.${path}`,
          name: pieces.at(-1) ?? path,
          depth: pieces.length - 1,
          start: part.start,
        }),
      );
    }
  }
  return rows;
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
