import type { MetadataTotals } from '../metadata-face.js';
import type { MetadataState } from '../state/metadata-state.js';

/** The sums get_stats reports. Walks over topics, not over partitions. */
export function totalsOf(state: MetadataState): MetadataTotals {
  let topics = 0;
  let partitions = 0;
  let consumerGroups = 0;
  for (const stream of state.streams.values()) {
    topics += stream.topics.size;
    for (const topic of stream.topics.values()) {
      partitions += topic.partitions.length;
      consumerGroups += topic.groups.size;
    }
  }
  const { sizeBytes, messages, segments } = state.streams.totals;
  const streams = state.streams.size;
  return { streams, topics, partitions, segments, messages, sizeBytes, consumerGroups };
}
