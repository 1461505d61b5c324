import {
  type Consumer,
  type ConsumerOffset,
  consumerKind,
  type Identifier,
} from '../../wire/index.js';
import type { CommandCaller } from '../caller.js';
import type { CallOptions } from '../options.js';
import { target } from './topics.js';

/** Who reads: a consumer by itself, or a consumer group. A number is an id, a string a name. */
export type Reader =
  | { readonly consumer: Identifier; readonly group?: undefined }
  | { readonly group: Identifier; readonly consumer?: undefined };

/** Whose offset, and where. */
export type OffsetPlace = Reader & {
  readonly stream: Identifier;
  readonly topic: Identifier;
  readonly partition: number;
};

/** Commands on stored offsets: how far a consumer or a group has read. */
export class OffsetCommands {
  readonly #caller: CommandCaller;

  constructor(caller: CommandCaller) {
    this.#caller = caller;
  }

  /** The stored offset; `null` when none is stored. */
  get(place: OffsetPlace, options?: CallOptions): Promise<ConsumerOffset | null> {
    return this.#caller.call('get_consumer_offset', offsetTarget(place), options);
  }

  /**
   * Stores the last offset that was processed. Only the owner of a partition may do so for a group.
   * @param offset `ack: 'none'` answers once the leader has applied it, without a quorum
   */
  async store(
    place: OffsetPlace,
    { offset, ack = 'quorum' }: { readonly offset: bigint; readonly ack?: 'quorum' | 'none' },
    options?: CallOptions,
  ): Promise<void> {
    const request = { ...offsetTarget(place), offset, ack: ackOf(ack) };
    await this.#caller.call('store_consumer_offset', request, options);
  }

  /** Forgets a stored offset. */
  async delete(
    place: OffsetPlace,
    { ack = 'quorum' }: { readonly ack?: 'quorum' | 'none' } = {},
    options?: CallOptions,
  ): Promise<void> {
    const request = { ...offsetTarget(place), ack: ackOf(ack) };
    await this.#caller.call('delete_consumer_offset', request, options);
  }
}

function offsetTarget(place: OffsetPlace) {
  const { stream, topic, partition } = place;
  return { consumer: toConsumer(place), ...target(stream, topic), partition_id: partition };
}

/** The form of the wire. */
export function toConsumer({ consumer, group }: Reader): Consumer {
  return group === undefined
    ? { kind: consumerKind.table.consumer, id: consumer }
    : { kind: consumerKind.table.consumer_group, id: group };
}

function ackOf(ack: 'quorum' | 'none'): 0 | 1 {
  return ack === 'quorum' ? 1 : 0;
}
