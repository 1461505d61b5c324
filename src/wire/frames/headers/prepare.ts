import { field, u32, u64, u128 } from '../../schema/index.js';
import {
  groupField,
  groupIncarnationField,
  type HeaderValue,
  header,
  operationField,
  operationPadding,
  zeroField,
} from './prefix.js';

const prepareShape = () =>
  ({
    client: field(u128, 'Client id of the request.'),
    parent: field(
      u128,
      'Checksum of the previous prepare of this group. Extension: op 1 of a partition names its incarnation.',
    ),
    requestChecksum: field(u128, "XXH3-64 of the client's body, as the request gave it."),
    op: field(u64, 'Position in the log of this group: 1, 2, 3 …'),
    commit: field(u64, 'What the primary knew to be committed when it made this prepare.'),
    timestamp: field(u64, 'Microseconds since 1970; grows with every prepare of the group.'),
    request: field(u64, 'Request number of the client.'),
    operation: operationField,
    operationPadding,
    group: groupField,
    userId: field(u32, 'Acting user.'),
    reserved: zeroField(28),
  }) as const;

/** An entry of a group's log. */
export interface PrepareHeader extends HeaderValue<typeof prepareShape> {}
export const prepareHeader = header('Prepare', prepareShape);

/** A stored prepare that is served again; only its command byte differs from the original. */
export interface RepairPrepareHeader extends PrepareHeader {}
export const repairPrepareHeader = header('RepairPrepare', prepareShape);

const prepareOkShape = () =>
  ({
    parent: field(u128, 'Copied from the acknowledged prepare.'),
    prepareChecksum: field(u128, 'Identity of the acknowledged prepare.'),
    op: field(u64, 'The acknowledged op.'),
    commit: field(u64, 'What the backup knows to be committed.'),
    timestamp: field(u64, 'Copied from the prepare.'),
    request: field(u64, 'Copied from the prepare.'),
    operation: operationField,
    operationPadding,
    group: groupField,
    groupIncarnation: groupIncarnationField,
    reserved: zeroField(40),
  }) as const;

/** A backup's acknowledgement of one prepare. */
export interface PrepareOkHeader extends HeaderValue<typeof prepareOkShape> {}
export const prepareOkHeader = header('PrepareOk', prepareOkShape);
