import { describe, expect, it } from 'vitest';
import { connectFailureText } from '../../src/client/connect-failure.js';

describe('text of a connection that did not come about', () => {
  it.each(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
    'points to the certificate for %s',
    (reason) => {
      expect(connectFailureText('a:1', reason)).toBe(
        `cannot connect to a:1: ${reason}; its certificate is not accepted`,
      );
    },
  );

  it('asks for the server otherwise, and tells how often it was tried', () => {
    expect(connectFailureText('a:1', 'ECONNREFUSED', 3)).toBe(
      'cannot connect to a:1: ECONNREFUSED (3 attempts); is the server running there?',
    );
  });
});
