import { field, u64, u128 } from '../../schema/index.js';
import {
  groupField,
  groupIncarnationField,
  type HeaderValue,
  header,
  zeroField,
} from './prefix.js';

const commitShape = () =>
  ({
    commitChecksum: field(
      u128,
      'Extension: identity of the prepare at `commit`; 0 = not given, as official nodes do.',
    ),
    timestampMonotonic: field(u64, 'Number of this heartbeat: 1, 2, 3 … Not a time.'),
    commit: field(u64, 'The highest op the primary has applied.'),
    checkpointOp: field(u64, 'Always 0 today.'),
    group: groupField,
    reserved: zeroField(32),
    groupIncarnation: groupIncarnationField,
    reservedTail: zeroField(40),
  }) as const;

/** The primary's heartbeat. */
export interface CommitHeader extends HeaderValue<typeof commitShape> {}
export const commitHeader = header('Commit', commitShape);

const heartbeatAnswerShape = () =>
  ({
    ...commitShape(),
    commitChecksum: field(u128, 'Always 0.'),
    timestampMonotonic: field(u64, 'The number of the heartbeat that is answered.'),
    commit: field(u64, 'The highest op the backup has applied.'),
  }) as const;

/** Extension: a backup's answer to a heartbeat, sent with the command Pong. */
export interface HeartbeatAnswerHeader extends HeaderValue<typeof heartbeatAnswerShape> {}
export const heartbeatAnswerHeader = header('HeartbeatAnswer', heartbeatAnswerShape);
