import { describe, expect, it } from 'vitest';
import { encodeUtf8, fromHex } from '../../../src/base/index.js';
import { detectFamily, encode, legacyRequestCodec } from '../../../src/wire/index.js';
import { example } from '../helpers/golden.js';

const best = (hex: string): string | undefined => detectFamily(fromHex(hex)).guesses[0]?.family;

describe('detectFamily', () => {
  it('is certain of a sealed frame and of a prepare', () => {
    for (const name of [
      'StartViewChange of view 3',
      'metadata Prepare of op 7',
      'DoViewChange of two entries',
    ]) {
      const { guesses, ambiguous } = detectFamily(example(name));
      expect(guesses, name).toMatchObject([{ family: 'consensus', confidence: 'certain' }]);
      expect(ambiguous).toBe(false);
    }
  });

  it('finds plain consensus frames likely, although they begin with zeros', () => {
    for (const name of [
      'ping before login',
      'login',
      'login accepted',
      'Eviction for an incompatible protocol',
    ]) {
      expect(detectFamily(example(name)).guesses[0], name).toMatchObject({
        family: 'consensus',
        confidence: 'likely',
      });
    }
  });

  it('only finds a frame with a broken seal possible', () => {
    const bytes = example('StartViewChange of view 3');
    bytes[128] = 1;
    expect(detectFamily(bytes).guesses[0]?.confidence).toBe('possible');
  });

  it('takes small lengths for the older form', () => {
    expect(best('06000000010000006869')).toBe('legacy-request');
    expect(best('00000000020000006869')).toBe('legacy-response');
  });

  it('prefers a correlated request when the id is small, and says that it is not sure', () => {
    const { guesses, ambiguous } = detectFamily(fromHex('0e0000000100000007000000000000006869'));
    expect(guesses.map((each) => each.family)).toEqual(['correlated-request', 'legacy-request']);
    expect(ambiguous).toBe(true);
  });

  it('lets the payload decide where it reads one way only', () => {
    const payload = encodeUtf8('twelve bytes');
    const bytes = encode(legacyRequestCodec, { code: 10, payload });
    const decodesAsRequest = (_: number, body: Uint8Array): boolean => body.length === 12;
    expect(detectFamily(bytes, { decodesAsRequest }).guesses[0]?.family).toBe('legacy-request');
  });

  it('knows an error response without payload', () => {
    expect(best('28000000080000000700000000000000')).toBe('correlated-response');
  });

  it('prefers the request where both directions fit, unless told the direction', () => {
    const bytes = new Uint8Array(18);
    bytes[0] = 14;
    bytes[4] = 10;
    expect(detectFamily(bytes).guesses[0]?.family).toBe('correlated-request');
    const response = detectFamily(bytes, { direction: 'response' });
    expect(response.guesses.every((each) => each.family.endsWith('response'))).toBe(true);
  });

  it('says what would be needed when nothing fits', () => {
    const { guesses, needs } = detectFamily(example('login').subarray(0, 100));
    expect(guesses).toEqual([]);
    expect(needs[0]).toEqual({ family: 'consensus', size: 290 });
  });
});
