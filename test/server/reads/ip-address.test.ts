import { isIP } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatIp, matchCidr, parseIp } from '../../../src/server/reads/ip-address.js';

test('reads exactly what the platform calls an address', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ maxLength: 20 })), (text) => {
      const isBracketed = text.startsWith('[');
      expect(parseIp(text) !== undefined || isBracketed).toBe(isIP(text) !== 0 || isBracketed);
    }),
  );
});

test('formatting and reading again gives the same address', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const address = parseIp(text);
      if (address === undefined) throw new Error('not an address');
      expect(parseIp(formatIp(address))).toEqual(address);
    }),
  );
});

test.each([
  ['2001:DB8:0:0:0:0:0:1', '2001:db8::1'],
  ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
  ['0:0:1:0:0:0:1:0', '0:0:1::1:0'],
  ['::', '::'],
  ['1::', '1::'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['192.0.2.255', '192.0.2.255'],
])('%s is written as %s', (text, canonical) => {
  const address = parseIp(text);
  expect(address && formatIp(address)).toBe(canonical);
});

test.each(['1.2.3', '1.2.3.256', '01.2.3.4', ':::', '1::2::3', '12345::', '1:2:3:4:5:6:7', 'x'])(
  '%s is no address',
  (text) => {
    expect(parseIp(text)).toBeUndefined();
  },
);

test.each([
  ['127.0.0.0/8', '127.9.9.9', 8],
  ['127.0.0.0/8', '128.0.0.1', -1],
  ['0.0.0.0/0', '9.9.9.9', 0],
  ['10.0.0.1/32', '10.0.0.1', 32],
  ['2001:db8::/32', '2001:db8:1::1', 32],
  ['2001:db8::/32', '10.0.0.1', -1],
  ['10.0.0.0/33', '10.0.0.1', -1],
  ['10.0.0.0', '10.0.0.0', -1],
  ['10.0.0.0/8/8', '10.0.0.0', -1],
])('%s and %s match with %i bits', (cidr, text, bits) => {
  const address = parseIp(text);
  expect(address && matchCidr(cidr, address)).toBe(bits);
});
