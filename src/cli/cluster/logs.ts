import { readFileSync } from 'node:fs';
import type { FoundCluster, Json } from '../../cluster/index.js';
import type { Column, Row, Tone } from '../../render/index.js';
import { usageError } from '../cli-error.js';
import { type EventRecord, eventRecord, eventText, searchText } from './event-record.js';

/** Which events `cluster logs` shows. */
export interface LogFilter {
  readonly node?: number | undefined;
  /** Microseconds since 1970. */
  readonly sinceMicros?: number | undefined;
  readonly level?: string | undefined;
  readonly plane?: string | undefined;
  readonly grep?: string | undefined;
}

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;

/** The test that a filter stands for. @throws CliError E_USAGE when the expression is none */
export function matcherOf(filter: LogFilter): (record: EventRecord) => boolean {
  const { node, sinceMicros, level = 'debug', plane } = filter;
  const pattern = patternOf(filter.grep);
  const lowest = rankOf(level);
  return (record) =>
    (node === undefined || record.node === node) &&
    (plane === undefined || record.plane === plane) &&
    rankOf(record.level) >= lowest &&
    (sinceMicros === undefined || microsOf(record) >= sinceMicros) &&
    (pattern === undefined || pattern.test(searchText(record)));
}

/** Events in the log file of a cluster that does not run any more. */
export function eventsOfFile(found: FoundCluster): readonly Json[] {
  let text = '';
  try {
    text = readFileSync(found.paths.log, 'utf8');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => parsed(line));
}

/** Columns of `cluster logs`. */
export const logColumns: readonly Column[] = [
  { key: 'time', title: 'Time' },
  { key: 'node', title: 'Node' },
  { key: 'level', title: 'Level' },
  { key: 'plane', title: 'Plane' },
  { key: 'view', title: 'View', align: 'right' },
  { key: 'op', title: 'Op', align: 'right' },
  { key: 'event', title: 'Event' },
  { key: 'detail', title: 'Detail' },
];

const levelTones: Readonly<Record<string, Tone>> = { warn: 'warn', error: 'bad', debug: 'dim' };

/** An event as a row of {@link logColumns}. */
export function logRow(record: EventRecord): Row {
  const { name, facts } = eventText(record);
  const tone = levelTones[record.level] ?? 'plain';
  return {
    time: (record.time ?? '').slice(11, 23),
    node: nodeCell(record.node),
    level: { text: record.level, tone },
    plane: record.plane,
    view: record.view,
    op: record.op,
    event: { text: name, tone },
    detail: facts,
  };
}

/** One line of a log that is followed; columns of fixed width, since later rows are unknown. */
export function logLine(record: EventRecord): string {
  const { name, facts } = eventText(record);
  const node = record.node === null ? 'cluster' : `node ${record.node}`;
  return [
    (record.time ?? '').slice(11, 23),
    node.padEnd(7),
    record.level.padEnd(5),
    `view ${record.view}`.padEnd(8),
    ...(record.op === null ? [] : [`op ${record.op}`]),
    name,
    facts,
  ]
    .join('  ')
    .trimEnd();
}

/** Place of a level among all, `debug` first. */
function rankOf(level: string): number {
  return (logLevels as readonly string[]).indexOf(level);
}

/** Microseconds since 1970 of a record. */
function microsOf({ time }: EventRecord): number {
  return time === null ? 0 : Date.parse(time) * 1000;
}

function nodeCell(node: number | null): Row[string] {
  if (node === null) return 'cluster';
  const tones = ['band0', 'band1', 'band2', 'band3', 'band4', 'band5', 'band0'] as const;
  return { text: String(node), tone: tones[node] ?? 'plain' };
}

function patternOf(grep: string | undefined): RegExp | undefined {
  if (grep === undefined) return undefined;
  try {
    return new RegExp(grep, 'i');
  } catch {
    throw usageError(`--grep: "${grep}" is not a regular expression`);
  }
}

function parsed(line: string): readonly Json[] {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? [value as Json] : [];
  } catch {
    return [];
  }
}

/** All of `events` that match, as records. */
export function recordsOf(
  events: readonly Json[],
  matches: (record: EventRecord) => boolean,
): readonly EventRecord[] {
  return events.map(eventRecord).filter(matches);
}
