import { describe, expect, it } from 'vitest';
import { type FormatOptions, listText, objectText } from '../../../src/cli/output/formats.js';
import { plainStyle } from '../../../src/render/index.js';

const options: FormatOptions = {
  ...{ format: 'table', width: 0, style: plainStyle, columns: undefined, sort: undefined },
  ...{ noHeader: false, limit: undefined, quiet: false },
};

const list = {
  kind: 'thing',
  items: [
    { id: 1, name: 'a name of some length', count: 1_234_567, about: 'what it is '.repeat(9) },
  ],
  columns: [
    { key: 'id', title: 'ID', align: 'right' as const },
    { key: 'name', title: 'Name' },
    { key: 'count', title: 'Count', align: 'right' as const },
    { key: 'about', title: 'About' },
  ],
};

describe('a list on a narrow terminal', () => {
  it('loses the columns it can do without before anything but the last text is cut', () => {
    const spare = ['count', 'name'];
    const wide = listText({ ...list, spare }, { ...options, width: 66 });
    expect(wide).toContain('1234567  what it is');
    expect(wide).toContain('…');
    const narrow = listText({ ...list, spare }, { ...options, width: 55 });
    expect(narrow.split('\n')[0]?.split(/ {2,}/)).toEqual(['ID', 'Name', 'About']);
    expect(listText({ ...list, spare }, options)).toContain('Count');
    const chosen = { ...options, width: 40, columns: ['id', 'count'] };
    expect(listText({ ...list, spare }, chosen)).toContain('1234567');
  });
});

describe('one object', () => {
  it('is a table of properties with a header line, unless that is not wanted', () => {
    const result = { kind: 'thing', value: { id: 1 }, pairs: [{ label: 'ID', value: 1 }] };
    expect(objectText(result, options)).toBe('Property  Value\nID        1\n');
    expect(objectText(result, { ...options, noHeader: true })).toBe('ID  1\n');
  });
});
