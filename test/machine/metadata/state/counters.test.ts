import { expect, test } from 'vitest';
import {
  PartitionCounters,
  TrafficCounters,
} from '../../../../src/machine/metadata/state/counters.js';

const some = { sizeBytes: 100, messages: 5, segments: 3, currentOffset: 4 };

function tree() {
  const totals = new TrafficCounters();
  const stream = new TrafficCounters(totals);
  const topic = new TrafficCounters(stream);
  return { totals, stream, topic };
}

test('sums follow every change; an empty partition counts as one segment', () => {
  const { totals, topic } = tree();
  const first = new PartitionCounters(topic);
  new PartitionCounters(topic);
  expect(totals.segments).toBe(2);

  first.set(some);
  expect(totals).toMatchObject({ sizeBytes: 100, messages: 5, segments: 4 });
  first.set({ ...some, sizeBytes: 40, messages: 2, segments: 2 });
  expect(totals).toMatchObject({ sizeBytes: 40, messages: 2, segments: 3 });
});

test('a purge zeroes once, and not what came behind it', () => {
  const { totals, topic } = tree();
  const counters = new PartitionCounters(topic);
  counters.set(some);

  counters.purge(1);
  expect(counters.figures).toEqual({ sizeBytes: 0, messages: 0, segments: 1, currentOffset: 0 });
  counters.set(some);
  counters.purge(1);
  expect(counters.figures).toEqual(some);
  counters.reachedGeneration(2);
  counters.purge(2);
  expect(totals.messages).toBe(5);
});

test('what was deleted leaves the sums and no longer changes them', () => {
  const { totals, stream, topic } = tree();
  const counters = new PartitionCounters(topic);
  counters.set(some);

  topic.detach();
  counters.set({ ...some, messages: 50 });
  expect(totals).toMatchObject({ sizeBytes: 0, messages: 0, segments: 0 });
  counters.detach();
  counters.set(some);
  expect(topic.messages).toBe(0);
  expect(stream.messages).toBe(0);
});
