import { field, u64, u128 } from '../../schema/index.js';
import {
  groupField,
  groupIncarnationField,
  type HeaderValue,
  header,
  zeroField,
} from './prefix.js';

const requestPreparesShape = () =>
  ({
    nonce: field(u128, 'Names this repair; its answers repeat it.'),
    fromOp: field(u64, 'First op wanted.'),
    toOp: field(u64, 'Last op wanted, included.'),
    group: groupField,
    reserved: zeroField(40),
    groupIncarnation: groupIncarnationField,
    reservedTail: zeroField(40),
  }) as const;

/** A request for stored prepares. */
export interface RequestPreparesHeader extends HeaderValue<typeof requestPreparesShape> {}
export const requestPreparesHeader = header('RequestPrepares', requestPreparesShape);

const repairRangeReplyShape = () =>
  ({
    nonce: field(u128, 'Repeats that of the request.'),
    op: field(u64, 'RepairDone: last op served. RangeEvicted: oldest op still kept.'),
    group: groupField,
    reserved: zeroField(48),
    groupIncarnation: groupIncarnationField,
    reservedTail: zeroField(40),
  }) as const;

/** The end of a repair, or the news that its front is gone: two commands, one layout. */
export interface RepairRangeReplyHeader extends HeaderValue<typeof repairRangeReplyShape> {}
export const repairRangeReplyHeader = header('RepairRangeReply', repairRangeReplyShape);
