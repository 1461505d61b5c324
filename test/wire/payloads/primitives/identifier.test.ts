import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../../../src/base/index.js';
import { annotate, decode, encode, identifier, isWireError } from '../../../../src/wire/index.js';

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (isWireError(error)) return error.code;
    throw error;
  }
  return 'none';
}

describe('an identifier', () => {
  it('is a number or a name', () => {
    expect(decode(identifier, fromHex('010401000000'))).toBe(1);
    expect(decode(identifier, fromHex('0203616263'))).toBe('abc');
    expect(toHex(encode(identifier, 0))).toBe('010400000000');
    expect(toHex(encode(identifier, '7'))).toBe('020137');
  });

  it('refuses other kinds, other lengths and text that is not UTF-8', () => {
    const wrong = [
      '000401000000',
      '030401000000',
      '0103010000',
      '01050100000000',
      '0200',
      '0201ff',
    ];

    for (const hex of wrong)
      expect(codeOf(() => decode(identifier, fromHex(hex)))).not.toBe('none');
  });

  it('refuses to encode what has no form', () => {
    for (const value of ['', 'x'.repeat(256), -1, 2 ** 32, 1.5]) {
      expect(codeOf(() => encode(identifier, value))).not.toBe('none');
    }
  });

  it('shows kind, length and value when annotated', () => {
    const { spans } = annotate(identifier, fromHex('010401000000'));

    expect(spans.map((span) => span.path)).toEqual([
      'kind',
      'value',
      'value.length',
      'value.value',
    ]);
    expect(spans[0]?.display).toBe('numeric');
  });

  it('is shown as far as possible when its kind is unknown', () => {
    const result = annotate(identifier, fromHex('090401000000'));

    expect(result.ok).toBe(false);
    expect(result.spans[0]).toMatchObject({ path: 'kind', display: 'unknown(9)' });
  });
});
