import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  announcesResume,
  parseLoginForms,
  parseLoginPrefix,
} from '../../../src/server/login/login-body.js';
import { loginBody, tokenLoginFrame } from '../harness/requests.js';

const text = (min: number, max: number) =>
  fc.string({ minLength: min, maxLength: max, unit: 'grapheme-ascii' });

test('a password body is never read as a token first', () => {
  fc.assert(
    fc.property(text(1, 60), text(0, 60), text(0, 40), (username, password, context) => {
      const forms = parseLoginForms(loginBody({ username, password, context }));
      expect(forms[0]?.credentials).toMatchObject({ kind: 'password', username });
      expect(forms[0]?.context).toBe(context);
    }),
  );
});

test('a token of the usual form is read as a token only', () => {
  fc.assert(
    fc.property(
      fc.base64String({ minLength: 68, maxLength: 68 }),
      text(0, 400),
      (token, context) => {
        const body = tokenLoginFrame(token, { context }).subarray(256);
        expect(parseLoginForms(body).map((form) => form.credentials.kind)).toEqual(['token']);
      },
    ),
  );
});

test('any bytes give forms or none, never an exception', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (body) => {
      parseLoginPrefix(body);
      parseLoginForms(body);
    }),
  );
});

test.each([
  ['iggyctl/1;resume=1', true],
  ['iggyctl/1;other=2;resume=1', true],
  ['iggyctl/1', false],
  ['iggyctl/2;resume=1', false],
  ['resume=1', false],
  ['', false],
  [`iggyctl/1;resume=1;${'x'.repeat(120)}`, false],
])('the context %j announces resume: %s', (context, expected) => {
  expect(announcesResume(context)).toBe(expected);
});
