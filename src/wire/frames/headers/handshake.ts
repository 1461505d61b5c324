import { bytes, field, u8 } from '../../schema/index.js';
import { type HeaderValue, header, zeroField } from './prefix.js';

const replicaHelloShape = () =>
  ({
    nonceD: field(bytes(32), "The dialer's nonce; all zero = no authentication wanted."),
    rest: zeroField(96),
  }) as const;

/** The first frame on a replica link. */
export interface ReplicaHelloHeader extends HeaderValue<typeof replicaHelloShape> {}
export const replicaHelloHeader = header('ReplicaHello', replicaHelloShape);

const replicaChallengeShape = () =>
  ({
    nonceA: field(bytes(32), "The acceptor's nonce; zero on a refusal."),
    macA: field(bytes(32), 'Proof that the acceptor holds the shared secret; zero on a refusal.'),
    status: field(u8, '0 = ok, otherwise why the link is refused.'),
    rest: zeroField(63),
  }) as const;

/** The acceptor's answer. */
export interface ReplicaChallengeHeader extends HeaderValue<typeof replicaChallengeShape> {}
export const replicaChallengeHeader = header('ReplicaChallenge', replicaChallengeShape);

const replicaFinishShape = () =>
  ({
    unusedNonceRegion: zeroField(32),
    macD: field(bytes(32), 'Proof that the dialer holds the shared secret.'),
    rest: zeroField(64),
  }) as const;

/** The dialer's proof. */
export interface ReplicaFinishHeader extends HeaderValue<typeof replicaFinishShape> {}
export const replicaFinishHeader = header('ReplicaFinish', replicaFinishShape);
