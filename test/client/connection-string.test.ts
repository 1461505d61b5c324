import { describe, expect, test } from 'vitest';
import { ConnectionStringError, parseConnectionString } from '../../src/client/index.js';

const broken: readonly [what: string, text: string][] = [
  ['empty', ''],
  ['an unknown scheme', 'invalid+tcp://u:p@h:1'],
  ['no user', 'iggy://:p@h:1'],
  ['no password', 'iggy://u:@h:1'],
  ['an empty token', 'iggy://@h:1'],
  ['no credentials', 'iggy://h:1'],
  ['no host', 'iggy://u:p@:1'],
  ['no port', 'iggy://u:p@h'],
  ['an empty port', 'iggy://u:p@h:'],
  ['a port in letters', 'iggy://u:p@h:abc'],
  ['port 70000', 'iggy://u:p@h:70000'],
  ['two @', 'iggy://u:p@x@h:1'],
  ['two ://', 'iggy://u:p@h:1?tls_domain=a://b'],
  ['two colons in the credentials', 'iggy://u:p:q@h:1'],
  ['an unknown option', 'iggy://u:p@h:1?speed=9'],
  ['an option of WebSocket for TCP', 'iggy://u:p@h:1?read_buffer_size=9'],
  ['tls without a value', 'iggy://u:p@h:1?tls'],
  ['a pair with two =', 'iggy://u:p@h:1?tls=a=b'],
  ['an empty option list', 'iggy://u:p@h:1?'],
  ['an IPv6 address', 'iggy://u:p@[::1]:8090'],
  ['a duration without a unit', 'iggy://u:p@h:1?heartbeat_interval=5'],
  ['QUIC', 'iggy+quic://u:p@h:1'],
  ['HTTP', 'iggy+http://u:p@h:1'],
  ['one broken seed', 'iggy://u:p@h:1,i'],
];

describe('connection strings', () => {
  for (const [what, text] of broken) {
    test(`04-S89 refuses ${what} with 8000`, () => {
      let error: unknown;
      try {
        parseConnectionString(text);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(ConnectionStringError);
      expect(error).toMatchObject({ protocolCode: 8000, code: 'CONNECTION_STRING_INVALID' });
    });
  }

  test('04-S89 refuses text in place of a number with 84', () => {
    const texts = [
      'iggy://u:p@h:1?reconnection_retries=many',
      'iggy+ws://u:p@h:1?max_frame_size=-1',
    ];
    for (const text of texts) {
      expect(() => parseConnectionString(text)).toThrow(
        expect.objectContaining({ protocolCode: 84, code: 'CONNECTION_STRING_INVALID' }),
      );
    }
  });

  test('04-S89 reads user and password', () => {
    expect(parseConnectionString('iggy://u:p@h:1')).toEqual({
      transport: 'tcp',
      servers: ['h:1'],
      credentials: { username: 'u', password: 'p' },
    });
  });

  test('04-S89 reads a token', () => {
    expect(parseConnectionString('iggy+tcp://tok@h:1')).toEqual({
      transport: 'tcp',
      servers: ['h:1'],
      credentials: { token: 'tok' },
    });
  });

  test('reads every option of TCP', () => {
    const text =
      'iggy+tcp://u:p@h:1?tls=true&tls_domain=x.org&tls_ca_file=ca.pem&reconnection_retries=3' +
      '&reconnection_interval=250ms&reestablish_after=1m&heartbeat_interval=2s&nodelay=true';
    expect(parseConnectionString(text)).toMatchObject({
      tls: { serverName: 'x.org', caFile: 'ca.pem', insecure: false },
      reconnect: { maxRetries: 3, intervalMillis: 250, reestablishAfterMillis: 60_000 },
      heartbeatMillis: 2_000,
      noDelay: true,
    });
  });

  test('takes only the exact text true for true', () => {
    expect(parseConnectionString('iggy://u:p@h:1?tls=True').tls).toBeUndefined();
    expect(
      parseConnectionString('iggy://u:p@h:1?reconnection_retries=unlimited'),
    ).not.toHaveProperty('reconnect');
  });

  test('accepts an empty option list for WebSocket, which does not check certificates', () => {
    expect(parseConnectionString('iggy+ws://u:p@h:1?').transport).toBe('ws');
    expect(parseConnectionString('iggy+ws://u:p@h:1?tls=true').tls).toEqual({ insecure: true });
    expect(
      parseConnectionString('iggy+ws://u:p@h:1?tls=true&tls_validate_certificate=true').tls,
    ).toEqual({ insecure: false });
  });

  test('decodes fields and takes several servers', () => {
    expect(parseConnectionString('iggy://a%40b:p%3Aw@h:1,i:2')).toMatchObject({
      servers: ['h:1', 'i:2'],
      credentials: { username: 'a@b', password: 'p:w' },
    });
    expect(parseConnectionString('iggy://u:100%@h:1').credentials).toEqual({
      username: 'u',
      password: '100%',
    });
  });
});
