import type { RawReply } from '../../client/index.js';
import { type Cell, renderTable } from '../../render/index.js';
import type { FormatOptions } from './formats.js';
import type { Fields, ObjectResult } from './result.js';

/** A mutation that was done, or that had nothing to do. */
export interface Change {
  readonly action: string;
  readonly target: string;
  readonly changed: boolean;
  /** Sentence for people. */
  readonly text: string;
  readonly id?: number | undefined;
  readonly before?: Fields | null;
  readonly after?: Fields | null;
  readonly raw?: RawReply | undefined;
}

/** The result of a mutation; quiet, only a new id is printed. */
export function changeResult(change: Change): ObjectResult {
  const { action, target, changed, text, id, before = null, after = null, raw } = change;
  return {
    kind: 'change',
    text,
    name: id,
    value: {
      ...{ action, target, changed, id: id ?? null, before, after },
      ...{ op: raw?.op ?? null, view: raw?.view ?? null },
    },
  };
}

/** What one figure was and is, as a table of one line. */
export function beforeAfterTable(before: Cell, after: Cell, options: FormatOptions): string {
  const columns = [
    { key: 'before', title: 'Before', align: 'right' as const },
    { key: 'after', title: 'After', align: 'right' as const },
  ];
  return renderTable(columns, [{ before, after }], options);
}
