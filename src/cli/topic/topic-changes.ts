import { type Cell, renderTable } from '../../render/index.js';
import type { TopicRecord } from '../../wire/index.js';
import type { FormatOptions } from '../output/formats.js';
import type { Fields } from '../output/result.js';
import { expiryText, maxSizeText, topicFields } from './topic-result.js';

/** What an update of a topic can change. */
export function changeableFields(topic: TopicRecord) {
  const { name, compression, expiry_us, expiry_default, max_size_bytes, max_size_default } =
    topicFields(topic, 0);
  return {
    ...{ name, compression, expiry_us, expiry_default, max_size_bytes, max_size_default },
  } satisfies Fields;
}

type Changeable = ReturnType<typeof changeableFields>;

/** The fields that differ, one a line: Field, Before, After. */
export function changeTable(before: Changeable, after: Changeable, options: FormatOptions): string {
  const shown = (topic: Changeable): Readonly<Record<string, Cell>> => ({
    name: topic.name,
    compression: topic.compression,
    expiry: expiryText(topic),
    'max size': maxSizeText(topic),
  });
  const [old, now] = [shown(before), shown(after)];
  const rows = Object.keys(old)
    .filter((field) => old[field] !== now[field])
    .map((field) => ({ field, before: old[field], after: now[field] }));
  const columns = [
    { key: 'field', title: 'Field' },
    { key: 'before', title: 'Before' },
    { key: 'after', title: 'After' },
  ];
  return renderTable(columns, rows, options);
}
