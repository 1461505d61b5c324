import { field, u32, u64, u128 } from '../../schema/index.js';
import { forwardLogoutOutcomeCodec, forwardRegisterOutcomeCodec } from '../outcomes.js';
import { type HeaderValue, header, zeroField } from './prefix.js';

const nonce = field(u128, 'Ties the answer to the request; never 0.');

const forwardRegisterShape = () =>
  ({
    client: field(u128, 'Client id presented at login; never 0.'),
    nonce,
    userId: field(u32, 'The user, already authenticated by the sender.'),
    reserved: zeroField(92),
  }) as const;

/** A login that a backup hands to the metadata primary. */
export interface ForwardRegisterHeader extends HeaderValue<typeof forwardRegisterShape> {}
export const forwardRegisterHeader = header('ForwardRegister', forwardRegisterShape);

const forwardRegisterResultShape = () =>
  ({
    nonce,
    client: field(u128, 'Repeats that of the request.'),
    epoch: field(u64, 'The session: op of the committed login. 0 on failure.'),
    watermark: field(u64, 'Highest committed request number of the client. 0 on failure.'),
    origin: field(
      u64,
      'Extension: op at which the entry of the client was first made. 0 on failure; official: 0.',
    ),
    reserved: zeroField(71),
    outcome: field(forwardRegisterOutcomeCodec, 'How it ended.'),
  }) as const;

/** How a forwarded login ended. */
export interface ForwardRegisterResultHeader
  extends HeaderValue<typeof forwardRegisterResultShape> {}
export const forwardRegisterResultHeader = header(
  'ForwardRegisterResult',
  forwardRegisterResultShape,
);

const forwardLogoutShape = () =>
  ({
    client: field(u128, 'Client id to log out; never 0.'),
    nonce,
    session: field(u64, 'The session that ends; never 0.'),
    request: field(u64, "The client's request number; 2^64-1 when a lost connection is the cause."),
    reserved: zeroField(80),
  }) as const;

/** A logout that a backup hands to the metadata primary. */
export interface ForwardLogoutHeader extends HeaderValue<typeof forwardLogoutShape> {}
export const forwardLogoutHeader = header('ForwardLogout', forwardLogoutShape);

const forwardLogoutResultShape = () =>
  ({
    nonce,
    client: field(u128, 'Repeats that of the request.'),
    commit: field(u64, 'Op of the committed logout, or the commit point when there was none.'),
    reserved: zeroField(87),
    outcome: field(forwardLogoutOutcomeCodec, 'How it ended.'),
  }) as const;

/** How a forwarded logout ended. */
export interface ForwardLogoutResultHeader extends HeaderValue<typeof forwardLogoutResultShape> {}
export const forwardLogoutResultHeader = header('ForwardLogoutResult', forwardLogoutResultShape);
