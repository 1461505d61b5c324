import { describe, expect, it } from 'vitest';
import { encodeUtf8, toHex } from '../../../src/base/index.js';
import {
  answersRefusal,
  buildFrame,
  checkHello,
  clusterIdOf,
  decodeHeader,
  HandshakeStatus,
  type HeaderInput,
  handshakeKey,
  handshakeMac,
  handshakeStatusOf,
  handshakeTranscript,
  verifyHandshakeMac,
} from '../../../src/wire/index.js';

const cluster = clusterIdOf('iggy-cluster');
const key = handshakeKey(encodeUtf8('0123456789abcdef0123456789abcdef'));
const parts = {
  cluster,
  dialer: 0,
  acceptor: 2,
  nonceD: new Uint8Array(32).fill(0x11),
  nonceA: new Uint8Array(32).fill(0x22),
};

describe('replica handshake', () => {
  it('makes the id of a cluster from its name', () => {
    const frame = buildFrame('ReplicaHello', { cluster });
    expect(toHex(frame, 32, 48)).toBe('21bb05c88727bab88d0ec27be8a72d46');
  });

  it('has the key, transcript and proofs of the protocol example', () => {
    expect(toHex(key)).toBe('39ec545024b097198cbf082b239525e97c0da3a60f3a18fd29f7d169de6a54be');
    expect(toHex(handshakeTranscript(parts, 'acceptor'))).toBe(
      '6170616368652d69676779207265706c6963612d61757468207631' +
        '21bb05c88727bab88d0ec27be8a72d460002' +
        `${'11'.repeat(32)}${'22'.repeat(32)}${'00'.repeat(33)}02`,
    );
    expect(toHex(handshakeMac(key, parts, 'acceptor'))).toBe(
      '9f60c139635ac448a0d2fdd56fc36d3087924d4e9ffe0b2610555aed2b0f76d2',
    );
    expect(toHex(handshakeMac(key, parts, 'dialer'))).toBe(
      'e0b669dac3ea706cfad7bf05566332f2c9eb11e04667e922afcb057f8f5e9faa',
    );
  });

  it('accepts a proof made with any key in use, and no other', () => {
    const other = handshakeKey(new Uint8Array(32).fill(1));
    const mac = handshakeMac(key, parts, 'dialer');
    expect(verifyHandshakeMac([other, key], parts, 'dialer', mac)).toBe(true);
    expect(verifyHandshakeMac([other], parts, 'dialer', mac)).toBe(false);
    expect(verifyHandshakeMac([key], parts, 'acceptor', mac)).toBe(false);
    const bound = { ...parts, tlsExporter: new Uint8Array(32) };
    expect(verifyHandshakeMac([key], bound, 'dialer', mac)).toBe(false);
  });

  it('refuses short secrets and nonces of a wrong size', () => {
    expect(() => handshakeKey(new Uint8Array(31))).toThrow(/at least 32/);
    const short = { ...parts, nonceD: new Uint8Array(31) };
    expect(() => handshakeTranscript(short, 'dialer')).toThrow(/32 bytes/);
  });

  it('judges a hello in the order of the protocol', () => {
    const self = { cluster, replica: 2, replicaCount: 3, authenticated: true };
    const legal: HeaderInput<'ReplicaHello'> = { cluster, replica: 1, nonceD: parts.nonceD };
    const judge = (input: HeaderInput<'ReplicaHello'>, as = self): HandshakeStatus =>
      checkHello(
        decodeHeader('ReplicaHello', buildFrame('ReplicaHello', { ...legal, ...input })),
        as,
      );
    expect(judge({})).toBe(HandshakeStatus.Ok);
    expect(judge({ command: 15, cluster: 1n })).toBe(HandshakeStatus.UnknownCommand);
    expect(judge({ cluster: 1n, replica: 2 })).toBe(HandshakeStatus.ClusterMismatch);
    expect(judge({ replica: 2 })).toBe(HandshakeStatus.DirectionalRule);
    expect(judge({ replica: 3 }, { ...self, replica: 9 })).toBe(HandshakeStatus.DirectionalRule);
    expect(judge({ nonceD: new Uint8Array(32) })).toBe(HandshakeStatus.AuthRequired);
    const open = { ...self, authenticated: false };
    expect(judge({ nonceD: new Uint8Array(32) }, open)).toBe(HandshakeStatus.Ok);
  });

  it('tells why only a dialer that wanted authentication too', () => {
    const self = { cluster, replica: 2, replicaCount: 3, authenticated: true };
    const hello = (nonceD: Uint8Array) =>
      decodeHeader('ReplicaHello', buildFrame('ReplicaHello', { nonceD }));
    expect(answersRefusal(hello(parts.nonceD), self)).toBe(true);
    expect(answersRefusal(hello(new Uint8Array(32)), self)).toBe(false);
    expect(answersRefusal(hello(parts.nonceD), { ...self, authenticated: false })).toBe(false);
  });

  it('reads statuses without a meaning as an unknown command', () => {
    expect([0, 1, 5, 6, 255].map(handshakeStatusOf)).toEqual([0, 1, 5, 1, 1]);
  });
});
