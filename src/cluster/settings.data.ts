/** How the text of a setting is read. */
export type SettingKind =
  | { readonly kind: 'duration'; readonly minMillis: number; readonly maxMillis: number }
  | { readonly kind: 'integer'; readonly min: number; readonly max: number }
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'switch' }
  /** A port, or `off`. */
  | { readonly kind: 'port' }
  | { readonly kind: 'text' };

/** One setting of a local cluster. */
export interface SettingRow {
  readonly name: string;
  readonly type: SettingKind;
  /** As a user would write it; empty = not set. */
  readonly standard: string;
  readonly description: string;
}

const day = 86_400_000;
const duration = (minMillis: number, maxMillis = day): SettingKind => ({
  kind: 'duration',
  minMillis,
  maxMillis,
});
const integer = (min: number, max: number): SettingKind => ({ kind: 'integer', min, max });
const choice = (...choices: string[]): SettingKind => ({ kind: 'choice', choices });
const port: SettingKind = { kind: 'port' };

/** Every setting, in the order it is shown. */
export const settingRows = [
  {
    name: 'cluster.heartbeat_timeout',
    type: duration(2000),
    standard: '5s',
    description: 'silence of the primary after which a backup starts a view change',
  },
  {
    name: 'cluster.commit_broadcast_interval',
    type: duration(10),
    standard: '500ms',
    description: 'interval of the heartbeats of the primary',
  },
  {
    name: 'session.request_policy',
    type: choice('watermark', 'strict'),
    standard: 'watermark',
    description: 'whether a request number may skip others (strict: it may not)',
  },
  {
    name: 'session.retired_max',
    type: integer(0, 1_000_000),
    standard: '65536',
    description: 'evicted sessions whose request numbers are remembered',
  },
  {
    name: 'session.resume_grace',
    type: duration(0),
    standard: '10s',
    description: 'how long the session of a lost connection waits for a client that can resume',
  },
  {
    name: 'metadata.clients_table_max',
    type: integer(2, 65_536),
    standard: '8192',
    description: 'live sessions; must be the same on all nodes',
  },
  {
    name: 'metadata.prepare_queue_depth',
    type: integer(1, 127),
    standard: '32',
    description: 'metadata operations in flight',
  },
  {
    name: 'metadata.journal_slots',
    type: integer(128, 1_000_000),
    standard: '1024',
    description: 'operations in the journal before a checkpoint shortens it',
  },
  {
    name: 'partition.prepare_queue_depth',
    type: integer(1, 127),
    standard: '32',
    description: 'operations in flight per partition',
  },
  {
    name: 'partition.ack',
    type: choice('fsync', 'memory'),
    standard: 'fsync',
    description: 'what an acknowledged message has survived; changes at the next start',
  },
  {
    name: 'heartbeat.enabled',
    type: { kind: 'switch' },
    standard: 'true',
    description: 'evict silent members of consumer groups',
  },
  {
    name: 'heartbeat.interval',
    type: duration(10),
    standard: '30s',
    description: 'expected interval of client heartbeats',
  },
  {
    name: 'consumer_group.rebalancing_timeout',
    type: duration(0),
    standard: '30s',
    description: 'time after which a partition moves to its new member by force',
  },
  {
    name: 'login.free_attempts',
    type: integer(0, 1_000_000),
    standard: '32',
    description:
      'failed logins of a connection, or of a name from one address, before attempts are slowed; 0 = never',
  },
  {
    name: 'login.attempt_interval',
    type: duration(10),
    standard: '250ms',
    description: 'distance between slowed attempts; a failure is forgiven after it',
  },
  {
    name: 'personal_access_token.max_tokens_per_user',
    type: integer(0, 1_000_000),
    standard: '100',
    description: 'personal access tokens of one user',
  },
  {
    name: 'personal_access_token.cleaner.interval',
    type: duration(10),
    standard: '1m',
    description: 'interval at which expired tokens are removed',
  },
  {
    name: 'data_maintenance.messages.interval',
    type: duration(10),
    standard: '1m',
    description: 'interval at which expired and surplus segments are removed',
  },
  {
    name: 'websocket.port',
    type: port,
    standard: 'off',
    description: 'WebSocket port of node 0, the others follow; 0 = free ports',
  },
  {
    name: 'advertise.host',
    type: { kind: 'text' },
    standard: '',
    description: 'host announced to clients instead of the listener',
  },
  {
    name: 'advertise.tcp',
    type: port,
    standard: '',
    description: 'TCP port announced for node 0, the others follow',
  },
  {
    name: 'advertise.quic',
    type: port,
    standard: '',
    description: 'QUIC port announced for node 0, the others follow',
  },
  {
    name: 'advertise.http',
    type: port,
    standard: '',
    description: 'HTTP port announced for node 0, the others follow',
  },
  {
    name: 'advertise.websocket',
    type: port,
    standard: '',
    description: 'WebSocket port announced for node 0, the others follow',
  },
] as const satisfies readonly SettingRow[];

/** Names of all settings. */
export type SettingName = (typeof settingRows)[number]['name'];
