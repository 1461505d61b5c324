import { describe, expect, it } from 'vitest';
import { compileFilter } from '../../../src/decoder/index.js';
import { decodeAll } from '../../helpers/decoded.js';
import * as frames from '../../helpers/sample-frames.js';

const all = frames.joined([
  frames.registerFrame(),
  frames.createStream('orders', 4n),
  frames.prepareFrame(17n, 'orders'),
  frames.commitFrame(16n),
  frames.statusReply(40),
  frames.evictionFrame(9),
]);

function matching(text: string): readonly number[] {
  return decodeAll(all, { filter: compileFilter(text) }).frames.map((frame) => frame.index);
}

describe('a filter', () => {
  const cases: readonly (readonly [text: string, indexes: readonly number[]])[] = [
    ['command=Prepare && view>=2 && operation~Stream', [2]],
    ['command == prepare', [2]],
    ['command = 5', [0, 1]],
    ['operation ~ stream || command=Eviction', [1, 2, 5]],
    ['!(direction=client) && !(direction=server)', [2, 3]],
    ['op > 16', [2]],
    ['op <= 17 and commit < 17', [2, 4]],
    ['status=40', [4]],
    ['status=Unauthenticated', [4]],
    ['reason ~ credentials', [5]],
    ['body.name="orders"', [1, 2]],
    ['body.username=iggy', [0]],
    ['header.client=0x0123456789abcdef0011223344556677', [0, 1, 2, 4, 5]],
    ['request_command=stream.create', [1, 2]],
    ['length>256', [0, 1, 2]],
    ['index>=4', [4, 5]],
    ['session', [1]],
    ['not framing=vsr', []],
    ["operation!~'str' && operation", [0, 4]],
    ['malformed', []],
  ];
  for (const [text, indexes] of cases) {
    it(`keeps what matches ${text}`, () => {
      expect(matching(text)).toEqual(indexes);
    });
  }

  const problems: readonly (readonly [text: string, message: RegExp])[] = [
    ['vieww>=2', /column 1: there is no field "vieww"; did you mean view\?/],
    ['view>=', /column 7: expected a value/],
    ['view>=2 &&', /column 11: expected the name of a field/],
    ['(view>=2', /column 9: expected \)/],
    ['view>=2 op', /column 9: "op" is not expected here/],
    ['view >= #', /column 9: "#" is not part of a filter expression/],
    ['('.repeat(200), /too many levels/],
  ];
  for (const [text, message] of problems) {
    it(`points at what is wrong in ${text.slice(0, 20)}`, () => {
      expect(() => compileFilter(text)).toThrow(message);
    });
  }
});
