import { ackLevel, commands, consumerKind, encode, Operation } from '../../wire/index.js';
import type { HousekeepingProposal } from '../metadata/metadata-face.js';
import { decodeRequest } from '../requests.js';

// A purge commits in the metadata group, but which messages of a partition lie before it has to be
// the same on all replicas. So the partition's primary puts a mark into the partition's own log:
// everything before it is gone, offsets start at 0 behind it. The mark has the form of a stored
// offset whose value is the generation of the purge, under a client id that nobody can have.

/** Client id of the mark. */
export const purgeClient = (1n << 128n) - 2n;
/** Client id of offsets stored by a poll's auto-commit; they never go back and get no answer. */
export const autoCommitClient = (1n << 128n) - 1n;

const everybody = 0xffff_ffff;

/** The proposal that carries a purge into the log of a partition. */
export function purgeProposal(place: {
  readonly stream: number;
  readonly topic: number;
  readonly partition: number;
  readonly generation: number;
}): HousekeepingProposal {
  return {
    operation: Operation.StoreConsumerOffset,
    client: purgeClient,
    body: encode(commands.store_consumer_offset.request, {
      consumer: { kind: consumerKind.table.consumer_group, id: everybody },
      stream_id: place.stream,
      topic_id: place.topic,
      partition_id: place.partition,
      offset: BigInt(place.generation),
      ack: ackLevel.table.quorum,
    }),
  };
}

/** The generation of the purge that an entry marks, or 0 when it marks none. */
export function purgeGenerationOf(entry: {
  readonly operation: number;
  readonly client: bigint;
  readonly body: Uint8Array;
}): number {
  if (entry.client !== purgeClient || entry.operation !== Operation.StoreConsumerOffset) return 0;
  const request = decodeRequest(commands.store_consumer_offset, entry.body);
  return request === undefined ? 0 : Number(request.offset);
}
