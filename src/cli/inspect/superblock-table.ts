import type { Column, Row } from '../../render/index.js';
import { prepareView, type SuperblockSlot } from '../../wire/index.js';
import { type FoundSlot, slotFields, slotValues } from './superblock-slots.js';

const titles: Readonly<Record<string, string>> = {
  magic: 'Magic',
  version: 'Version',
  sequence: 'Sequence',
  cluster: 'Cluster',
  replica: 'Replica',
  replica_count: 'Replica count',
  view: 'View',
  log_view: 'Log view',
  commit_max: 'Commit max',
  checkpoint_op: 'Checkpoint op',
  checkpoint_checksum: 'Checkpoint checksum',
  offset_frontier: 'Offset frontier',
  lost_up_to: 'Lost up to',
  view_headers: 'View headers',
};

/** A column per slot, beside the names of the fields. */
export function slotColumns(slots: readonly FoundSlot[]): readonly Column[] {
  return [
    { key: 'field', title: 'Field' },
    ...slots.map(({ path, name }) => ({ key: path, title: `Slot ${name}` })),
  ];
}

/** A row per field of the record, then the verdicts. */
export function slotRows(
  slots: readonly FoundSlot[],
  winner: FoundSlot | undefined,
): readonly Row[] {
  const rows = Object.entries(titles).map(([key, field]): Row => {
    const cells = slots.map((found) => [found.path, cell(found, key)] as const);
    return { field, ...Object.fromEntries(cells) };
  });
  const verdict = (found: FoundSlot) =>
    found.problem === undefined
      ? { text: 'ok', tone: 'ok' as const }
      : { text: `UNREADABLE: ${found.problem}`, tone: 'bad' as const };
  const row = (field: string, of: (found: FoundSlot) => Row[string]): Row => ({
    field,
    ...Object.fromEntries(slots.map((found) => [found.path, of(found)])),
  });
  return [...rows, row('Checksum', verdict), row('Wins', (found) => found === winner)];
}

function cell(found: FoundSlot, key: string): Row[string] {
  const { slot } = found;
  if (key === 'view_headers') return slot === undefined ? null : headersText(slot);
  if (slot !== undefined) return plain((slotValues(slot) as Record<string, unknown>)[key]);
  const { fields } = slotFields(found, undefined);
  return plain((fields as Record<string, unknown>)[key]);
}

function headersText({ record }: SuperblockSlot): string | null {
  const headers = record.viewHeaders;
  if (headers === undefined) return null;
  const [first, last] = [headers.at(-1), headers[0]];
  if (first === undefined || last === undefined) return '0';
  return `${headers.length}, ops ${prepareView.op(first)} to ${prepareView.op(last)}`;
}

function plain(value: unknown): Row[string] {
  if (value === null || value === undefined) return null;
  return typeof value === 'bigint' || typeof value === 'number' ? value : String(value);
}
