import { describe, expect, it } from 'vitest';
import { frameColumns } from '../../../src/cli/capture/frame-line.js';
import { walColumns } from '../../../src/cli/inspect/entry-view.js';
import { type StreamColumn, StreamTable } from '../../../src/cli/output/stream-table.js';

const columns: readonly StreamColumn[] = [
  { title: 'Name', width: 6 },
  { title: 'Note', width: 10, leaveOut: 1 },
  { title: 'Size', width: 5, align: 'right', leaveOut: 2 },
  { title: 'State', width: 7 },
];

function shown(list: readonly StreamColumn[], width: number, row: readonly string[] = []): string {
  const table = new StreamTable(list, { style: (_, text) => text, width, noHeader: false });
  return row.length === 0 ? table.head() : table.row(row);
}

describe('a table that grows', () => {
  it('has all columns where there is room, and where nobody says how much there is', () => {
    const all = 'Name    Note         Size  State\n';

    expect(shown(columns, 80)).toBe(all);
    expect(shown(columns, 34)).toBe(all);
    expect(shown(columns, 0)).toBe(all);
  });

  it('leaves out what matters least in a narrow terminal, with its cells', () => {
    const row = ['a', 'remark', '12', 'ready'];

    expect(shown(columns, 33, row)).toBe('Name     Size  State\na          12  ready\n');
    expect(shown(columns, 15, row)).toBe('Name    State\na       ready\n');
  });

  it('keeps the columns that say what happened, and cuts the line only when they do not fit', () => {
    expect(shown(columns, 9)).toBe('Name    …\n');
  });

  it.each([
    { name: 'frames', list: frameColumns, last: 'Status' },
    { name: 'a journal', list: walColumns, last: 'Checksum' },
  ])('of $name ends with $last at 80 columns', ({ list, last }) => {
    const head = shown(list, 80).trimEnd();

    expect(head.endsWith(last)).toBe(true);
    expect(head.length).toBeLessThanOrEqual(80);
  });
});
