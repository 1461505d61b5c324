import { field, u8, u32, u64, u128 } from '../../schema/index.js';
import {
  groupField,
  groupIncarnationField,
  type HeaderValue,
  header,
  zeroField,
} from './prefix.js';

const nonce = field(u128, 'Names this transfer.');
const tail = () =>
  ({ groupIncarnation: groupIncarnationField, reservedTail: zeroField(40) }) as const;

const requestStateTransferShape = () =>
  ({
    nonce,
    group: groupField,
    reserved: zeroField(56),
    ...tail(),
  }) as const;

/** A request for a copy of the state. */
export interface RequestStateTransferHeader extends HeaderValue<typeof requestStateTransferShape> {}
export const requestStateTransferHeader = header('RequestStateTransfer', requestStateTransferShape);

const stateTransferTargetShape = () =>
  ({
    nonce,
    commitOp: field(u64, 'The op up to which the offered state is applied; 0 on a refusal.'),
    group: groupField,
    available: field(u8, '1 = an offer with a manifest, 0 = a refusal.'),
    unavailableTransient: field(u8, '1 = refused for now only.'),
    reservedAlignment: zeroField(6),
    commitMax: field(u64, 'What the serving replica knows to be committed.'),
    reserved: zeroField(32),
    ...tail(),
  }) as const;

/** The offer of a state, or its refusal. */
export interface StateTransferTargetHeader extends HeaderValue<typeof stateTransferTargetShape> {}
export const stateTransferTargetHeader = header('StateTransferTarget', stateTransferTargetShape);

const requestStateChunkShape = () =>
  ({
    nonce,
    offset: field(u64, 'First byte wanted, from the start of the artifact.'),
    group: groupField,
    len: field(u32, 'Bytes wanted.'),
    artifact: field(u32, 'Position of the artifact in the manifest.'),
    reserved: zeroField(40),
    ...tail(),
  }) as const;

/** A request for a piece of an artifact. */
export interface RequestStateChunkHeader extends HeaderValue<typeof requestStateChunkShape> {}
export const requestStateChunkHeader = header('RequestStateChunk', requestStateChunkShape);

const stateChunkShape = () =>
  ({
    nonce,
    offset: field(u64, 'Where the piece begins, from the start of the artifact.'),
    group: groupField,
    artifact: field(u32, 'Position of the artifact in the manifest.'),
    reserved: zeroField(44),
    ...tail(),
  }) as const;

/** A piece of an artifact. */
export interface StateChunkHeader extends HeaderValue<typeof stateChunkShape> {}
export const stateChunkHeader = header('StateChunk', stateChunkShape);
