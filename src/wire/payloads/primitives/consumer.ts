import { enumU8, field, type StructValue, struct } from '../../schema/index.js';
import { identifier } from './identifier.js';

/** Who reads: a consumer of its own, or a member of a consumer group. */
export const consumerKind = enumU8('ConsumerKind', { consumer: 1, consumer_group: 2 });

const shape = () =>
  ({
    kind: field(consumerKind, 'Single consumer or consumer group.'),
    id: field(identifier, 'Any id or name for a consumer; an existing group for a group.'),
  }) as const;

/** A consumer or a consumer group. */
export interface Consumer extends StructValue<typeof shape> {}

/** `{u8 kind, identifier}`. @source Iggy binary protocol, Consumer */
export const consumer = struct('Consumer', shape);
