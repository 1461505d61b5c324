import { field, u32, u64, u128 } from '../../schema/index.js';
import {
  groupField,
  groupIncarnationField,
  type HeaderValue,
  header,
  offsetFloorField,
  zeroField,
} from './prefix.js';

const startViewChangeShape = () =>
  ({
    group: groupField,
    reserved: zeroField(72),
    groupIncarnation: groupIncarnationField,
    reservedTail: zeroField(40),
  }) as const;

/** "I want the view in this frame to begin." */
export interface StartViewChangeHeader extends HeaderValue<typeof startViewChangeShape> {}
export const startViewChangeHeader = header('StartViewChange', startViewChangeShape);

const doViewChangeShape = () =>
  ({
    op: field(u64, "Head of the sender's log."),
    commit: field(u64, 'What the sender knows to be committed, at most op.'),
    group: groupField,
    logView: field(u32, 'The view in which the sender was last normal.'),
    reserved: zeroField(52),
    groupIncarnation: groupIncarnationField,
    offsetFloor: offsetFloorField,
    nackBitset: field(u128, 'Bit i: the sender never prepared suffix entry i. Bit 0 is the head.'),
    presentBitset: field(u128, 'Bit i: the sender can serve the body of suffix entry i.'),
  }) as const;

/** A replica's log, offered to the candidate of a new view. */
export interface DoViewChangeHeader extends HeaderValue<typeof doViewChangeShape> {}
export const doViewChangeHeader = header('DoViewChange', doViewChangeShape);

const startViewShape = () =>
  ({
    op: field(u64, 'Head of the log of the new view.'),
    commit: field(u64, 'Commit point of the new view, at most op.'),
    group: groupField,
    reserved: zeroField(56),
    groupIncarnation: groupIncarnationField,
    offsetFloor: offsetFloorField,
    reservedTail: zeroField(16),
    incarnation: field(u128, 'The nonce of the probe that is answered; 0 on an announcement.'),
  }) as const;

/** The log with which a new view begins. */
export interface StartViewHeader extends HeaderValue<typeof startViewShape> {}
export const startViewHeader = header('StartView', startViewShape);

const requestStartViewShape = () =>
  ({
    group: groupField,
    reserved: zeroField(72),
    groupIncarnation: groupIncarnationField,
    reservedTail: zeroField(24),
    incarnation: field(
      u128,
      'Nonce of the sender; 0 = none. Ours: probe counter, journal-lost mark, boot incarnation.',
    ),
  }) as const;

/** "Which view is it, and what is its log?" */
export interface RequestStartViewHeader extends HeaderValue<typeof requestStartViewShape> {}
export const requestStartViewHeader = header('RequestStartView', requestStartViewShape);
