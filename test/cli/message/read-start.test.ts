import { describe, expect, it } from 'vitest';
import { messageColumns } from '../../../src/cli/message/message-result.js';
import { followStart } from '../../../src/cli/message/read-start.js';

describe('where following starts', () => {
  it('takes the flags of poll and the one word of --from alike', () => {
    expect(followStart({})).toBeUndefined();
    expect(followStart({ first: false, last: false, next: false })).toBeUndefined();
    expect(followStart({ first: true })).toBe('first');
    expect(followStart({ from: 'first' })).toBe('first');
    expect(followStart({ offset: '7' })).toEqual({ offset: 7 });
    expect(followStart({ from: '7' })).toEqual({ offset: 7 });
    expect(followStart({ tail: 3 })).toEqual({ tail: 3 });
  });

  it('refuses two starts', () => {
    const usage = expect.objectContaining({ code: 'E_USAGE' }) as Error;
    expect(() => followStart({ from: 'first', tail: 3 })).toThrow(usage);
    expect(() => followStart({ first: true, offset: '7' })).toThrow(usage);
  });
});

describe('columns of messages', () => {
  const titles = (width: number) =>
    messageColumns('auto', [], width)
      .filter(({ wide }) => wide !== true)
      .map(({ title }) => title);

  it('have the id, but where it would leave no room for the payload', () => {
    const all = ['Partition', 'Offset', 'Timestamp', 'ID', 'Length', 'Payload'];
    expect(titles(0)).toEqual(all);
    expect(titles(120)).toEqual(all);
    expect(titles(80)).toEqual(all.filter((title) => title !== 'ID'));
  });
});
