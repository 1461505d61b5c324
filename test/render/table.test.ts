import { describe, expect, it } from 'vitest';
import { ansiStyle, displayWidth, renderTable, stripStyle } from '../../src/render/index.js';

const columns = [
  { key: 'id', title: 'Id', align: 'right' },
  { key: 'name', title: 'Name' },
  { key: 'size', title: 'Size', align: 'right' },
  { key: 'note', title: 'Note' },
] as const;

const rows = [
  { id: 1, name: 'orders', size: 12n, note: 'a long note that will not fit' },
  { id: 200, name: 'x', size: null, note: { text: 'down', tone: 'bad' } },
] as const;

describe('renderTable', () => {
  it('has one header line, two-space gaps and numbers on the right', () => {
    expect(renderTable(columns, rows)).toBe(
      [
        ' Id  Name    Size  Note',
        '  1  orders    12  a long note that will not fit',
        '200  x          -  down',
      ].join('\n'),
    );
  });

  it('is never wider than the terminal and cuts the last text column first', () => {
    const text = renderTable(columns, rows, { width: 30 });
    expect(text.split('\n')).toEqual([
      ' Id  Name    Size  Note',
      '  1  orders    12  a long not…',
      '200  x          -  down',
    ]);
    for (let width = 22; width < 60; width++) {
      for (const line of renderTable(columns, rows, { width }).split('\n')) {
        expect(displayWidth(line)).toBeLessThanOrEqual(width);
      }
    }
  });

  it('is the same with and without colour', () => {
    const colored = renderTable(columns, rows, { width: 30, style: ansiStyle });
    expect(colored).not.toBe(stripStyle(colored));
    expect(stripStyle(colored)).toBe(renderTable(columns, rows, { width: 30 }));
  });

  it('shows the header line alone for an empty list, and nothing without a header', () => {
    expect(renderTable(columns, [])).toBe('Id  Name  Size  Note');
    expect(renderTable(columns, [], { noHeader: true })).toBe('');
  });

  it('escapes what could drive the terminal', () => {
    const text = renderTable([{ key: 'a', title: 'A' }], [{ a: 'x\u001b[2Jy\nz\u202e' }]);
    expect(text).toBe('A\nx\\u001b[2Jy\\nz\\u202e');
  });

  it('aligns by display width, also with wide characters', () => {
    const text = renderTable(
      [
        { key: 'a', title: 'A' },
        { key: 'b', title: 'B' },
      ],
      [
        { a: '日本', b: 1 },
        { a: 'abcd', b: 2 },
      ],
    );
    expect(text.split('\n')).toEqual(['A     B', '日本  1', 'abcd  2']);
  });
});
