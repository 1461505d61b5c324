import { isJsonList, isJsonObject, type Json, type JsonObject } from '../../cluster/index.js';
import { isoTime } from '../../render/index.js';
import { JsonFields, snakeCased } from './json-fields.js';

/** An event of a cluster as people and programs see it. */
export type EventRecord = {
  readonly kind: 'cluster.event';
  readonly v: 1;
  readonly time: string | null;
  readonly node: number | null;
  readonly plane: string;
  readonly level: string;
  /** What sort of event it is; `detail.name` is its own name. */
  readonly event: EventClass;
  readonly view: number;
  readonly op: string | null;
  readonly reason: string | null;
  readonly detail: JsonObject;
};

type EventClass =
  | 'request'
  | 'prepare'
  | 'ack'
  | 'commit'
  | 'view_change'
  | 'control'
  | 'ignored'
  | 'fault'
  | 'link'
  | 'node';

const classes: Readonly<Record<string, EventClass>> = {
  ClientRequestReceived: 'request',
  ClientTableVerdict: 'request',
  ClientReplyEmitted: 'request',
  PrepareQueued: 'prepare',
  PrepareAcked: 'ack',
  OperationCommitted: 'commit',
  ViewChangeStarted: 'view_change',
  ViewChanged: 'view_change',
  ReplicaStateChanged: 'view_change',
  PrimaryElected: 'view_change',
  PrimaryCeded: 'view_change',
  ControlMessageScheduled: 'control',
  TransferStageChanged: 'control',
  FrameIgnored: 'ignored',
  DiskFault: 'fault',
  Alarm: 'fault',
  LinkChanged: 'link',
  Healed: 'link',
};

/** Turns an event of the control socket or of the log file into a record. */
export function eventRecord(event: Json): EventRecord {
  const fields = new JsonFields(event);
  const name = fields.text('event') ?? 'unknown';
  const detail = fields.fields('detail');
  const op = fields.number('op') ?? fields.text('op');
  return {
    kind: 'cluster.event',
    v: 1,
    time: isoTime(fields.number('timeMicros') ?? 0) ?? null,
    node: fields.number('node') ?? null,
    plane: fields.text('plane') ?? 'cluster',
    level: fields.text('level') ?? 'info',
    event: classes[name] ?? 'node',
    view: fields.number('view') ?? 0,
    op: op === undefined ? null : String(op),
    reason: detail.text('reason') ?? null,
    detail: { name, ...new JsonFields(snakeCased(detail.object)).object },
  };
}

/** Name of an event, and its facts as `key=value`. */
export function eventText({ detail }: EventRecord): {
  readonly name: string;
  readonly facts: string;
} {
  const { name, ...rest } = detail;
  const facts = Object.entries(rest)
    .filter(([, value]) => value !== '' && value !== null)
    .map(([key, value]) => `${key}=${factText(value)}`)
    .join(' ');
  return { name: typeof name === 'string' ? name : '', facts };
}

/** What `--grep` looks at. */
export function searchText(record: EventRecord): string {
  const { name, facts } = eventText(record);
  const node = record.node === null ? 'cluster' : `node ${record.node}`;
  return `${record.event} ${name} ${node} ${record.plane} ${record.level} ${facts}`;
}

function factText(value: Json): string {
  if (isJsonObject(value) || isJsonList(value)) return JSON.stringify(value);
  return String(value);
}
