import {
  concatBytes,
  encodeUtf8,
  equalBytesConstantTime,
  getU128,
  isZeroBytes,
  setU128,
} from '../../base/index.js';
import { blake3, blake3DeriveKey, blake3Keyed } from '../checksum/index.js';
import { invalid } from '../errors.js';
import { Command } from './command.js';
import type { ReplicaHelloHeader } from './headers/index.js';
import { HandshakeStatus } from './outcomes.js';

const keyContext = 'apache-iggy replica-auth v1 psk->mac-key';
const transcriptPrefix = 'apache-iggy replica-auth v1';
const nonceSize = 32;

/** A shared secret has at least this many bytes. */
export const sharedSecretMin = 32;

/** The label of the TLS exporter whose 32 bytes bind the handshake to its channel. */
export const tlsExporterLabel = 'iggy replica psk binding';

/** The id of a cluster, made from its name: the first 16 bytes of BLAKE3, low half first. */
export function clusterIdOf(name: string): bigint {
  return getU128(blake3(encodeUtf8(name)), 0);
}

/** The key of the handshake's proofs, made from the shared secret; make it once. */
export function handshakeKey(secret: Uint8Array): Uint8Array {
  if (secret.length < sharedSecretMin) {
    throw invalid(`a shared secret needs at least ${sharedSecretMin} bytes`);
  }
  return blake3DeriveKey(keyContext, secret);
}

/** What both sides of a replica link vouch for. */
export interface HandshakeTranscript {
  readonly cluster: bigint;
  readonly dialer: number;
  readonly acceptor: number;
  /** 32 bytes each. */
  readonly nonceD: Uint8Array;
  readonly nonceA: Uint8Array;
  /** 32 bytes of the TLS exporter; absent on a plaintext channel. */
  readonly tlsExporter?: Uint8Array;
}

/** Who makes a proof: the dialer always comes first in the transcript, only this differs. */
export type HandshakeSide = 'dialer' | 'acceptor';

/** The 143 bytes that a proof is made over. @throws WIRE_INVALID on parts of a wrong size */
export function handshakeTranscript(parts: HandshakeTranscript, side: HandshakeSide): Uint8Array {
  const { nonceD, nonceA, tlsExporter } = parts;
  const exporter = tlsExporter ?? new Uint8Array(nonceSize);
  for (const part of [nonceD, nonceA, exporter]) {
    if (part.length !== nonceSize) throw invalid(`nonces have ${nonceSize} bytes`);
  }
  const cluster = new Uint8Array(16);
  setU128(cluster, 0, parts.cluster);
  return concatBytes([
    encodeUtf8(transcriptPrefix),
    cluster,
    Uint8Array.of(parts.dialer, parts.acceptor),
    nonceD,
    nonceA,
    Uint8Array.of(tlsExporter === undefined ? 0 : 1),
    exporter,
    Uint8Array.of(side === 'dialer' ? 1 : 2),
  ]);
}

/** The proof of one side: 32 bytes. */
export function handshakeMac(
  key: Uint8Array,
  parts: HandshakeTranscript,
  side: HandshakeSide,
): Uint8Array {
  return blake3Keyed(key, handshakeTranscript(parts, side));
}

/**
 * Checks a proof against every key in use, the current and, while keys change, the previous one.
 * Takes the same time whichever byte differs.
 */
export function verifyHandshakeMac(
  keys: readonly Uint8Array[],
  parts: HandshakeTranscript,
  side: HandshakeSide,
  mac: Uint8Array,
): boolean {
  let matches = false;
  for (const key of keys) {
    if (equalBytesConstantTime(handshakeMac(key, parts, side), mac)) matches = true;
  }
  return matches;
}

/** True when a nonce was given: all zero means none. */
export function hasNonce(nonce: Uint8Array): boolean {
  return !isZeroBytes(nonce);
}

/** What an acceptor knows about itself. */
export interface AcceptorIdentity {
  readonly cluster: bigint;
  readonly replica: number;
  readonly replicaCount: number;
  readonly authenticated: boolean;
}

/**
 * Judges the first frame of a replica link, in the order of the protocol. `hello` is what the
 * bytes say in the layout of a hello, whatever their command.
 */
export function checkHello(hello: ReplicaHelloHeader, self: AcceptorIdentity): HandshakeStatus {
  if (hello.command !== Command.ReplicaHello) return HandshakeStatus.UnknownCommand;
  if (hello.cluster !== self.cluster) return HandshakeStatus.ClusterMismatch;
  // The lower id dials, so whoever dials us has a lower one.
  if (hello.replica >= self.replicaCount || hello.replica >= self.replica) {
    return HandshakeStatus.DirectionalRule;
  }
  return self.authenticated && !hasNonce(hello.nonceD)
    ? HandshakeStatus.AuthRequired
    : HandshakeStatus.Ok;
}

/** Whether a refused hello is told why: only if both sides wanted authentication. */
export function answersRefusal(hello: ReplicaHelloHeader, self: AcceptorIdentity): boolean {
  return self.authenticated && hasNonce(hello.nonceD);
}
