/** What every inspection tells of a place in a file. */
const inspected = 'file s, offset u64, length n, fields {}, checks {}, warnings[] s';

/**
 * The fields of every kind of result. Types: s string, n number, b boolean, t time, u64 and u128
 * numbers as strings, {} object; `?` may be null, `[]` array.
 */
export const resultShapes: Readonly<Record<string, string>> = {
  session:
    'context s, server s, node n?, user s, user_id n, client_id u128, session u64, ' +
    'next_request u64, view n?, primary n?, commit u64?, auth_method s, source s, store s?, ' +
    'expires_at t?, verified s, already_logged_in b, protocol_version s, ' +
    'server_protocol_version s, server_version s',
  'session.probe': 'policy s?, probes[] {}',
  logout: 'revoked b, removed_local b, server s?, expires_at t?',
  version: 'tool s, commit s, node s, platform s, protocol_version s, server {}',
  config: 'path s, entries[] {}',
  snapshot: 'path s, size_bytes u64, entries[] s, sha256 s',
  option: 'scope s, key s, kind s, default s, bounds s?, description s',
  'cluster.health':
    'healthy b, reasons[] s, view n?, primary n?, nodes_expected n, nodes_healthy n',
  cluster: 'name s, pid n?, state s, nodes n, ports[] n, data_dir s?, uptime_us n?',
  'cluster.action': 'action s, nodes[] {}, rules[] {}, view n?, primary n?, took_us n?',
  'cluster.inspect': 'nodes[] {}, diff[] {}',
  command:
    'code n, name s, operation s?, replicated b, plane s, session s, permission s, body[] {}, ' +
    'example {}',
  count: 'stream s, topic s, messages_count u64, partitions[] {}',
  permission: 'user s, action s, target s?, allowed b, by s?',
  error_code: 'code n, name s, meaning s, cause s?, action s?, exit_code n',
  doctor: 'checks[] {}',
  bench:
    'kind_name s, parameters {}, environment {}, cluster {}, totals {}, throughput {}, ' +
    'latency_us {}, actors[] {}, series[] {}, histogram[] {}',
  smoke: 'suite s, steps[] {}, passed n, failed n, skipped n',
  whoami: 'user s, user_id n, status s, auth_method s, source s, permissions {}',
  context:
    'name s, active b, description s?, servers[] s, transport s, username s?, auth s, tls {}, ' +
    'confirm b, local_cluster s?',
  ping:
    'samples[] {}, sent n, received n, min_us n?, avg_us n?, p50_us n?, p99_us n?, max_us n?, ' +
    'mdev_us n?',
  stats:
    'process_id n, cpu_usage n, total_cpu_usage n, memory_usage_bytes u64, messages_count u64, ' +
    'threads_count n, hostname s, os_name s, iggy_server_version s, iggy_server_semver n?',
  client:
    'client_id n, user_id n?, address s, transport s, consumer_groups_count n, ' +
    'consumer_groups[] {}',
  'cluster.metadata': 'name s, nodes[] {}, disagreement[] {}',
  'cluster.status':
    'name s, source s, healthy b, reasons[] s, quorum {}, view n?, primary n?, nodes[] {}',
  'cluster.event':
    'time t, node n?, plane s, level s, event s, view n, op u64?, reason s?, detail {}',
  'request.result':
    'command s, code n, operation s?, request u64, session u64, status n, status_name s, ' +
    'results[] {}, reply {}, reply_hex s?, latency_us n, node n?, view n, op u64?, commit u64?, ' +
    'retried n',
  stream:
    'id n, name s, created_at t, size_bytes u64, messages_count u64, topics_count n, topics[] {}',
  topic:
    'id n, stream_id n, name s, created_at t, size_bytes u64, max_size_bytes u64?, ' +
    'max_size_default b, compression s, expiry_us u64?, expiry_default b, options {}, ' +
    'messages_count u64, partitions_count n, partitions[] {}',
  partition:
    'id n, created_at t, segments_count n, current_offset u64, size_bytes u64, messages_count u64',
  segment:
    'start_offset u64, end_offset u64, size_bytes u64, messages_count u64?, sealed b, file s',
  message:
    'stream s, topic s, partition n, offset u64, id u128, timestamp t, origin_timestamp t, ' +
    'length n, checksum u64, payload_text s?, payload_json {}, payload_hex s?, headers[] {}',
  'message.send':
    'sent u64, acknowledged u64, batches n, bytes u64, retried n, took_us n, failed[] {}',
  'message.export':
    'stream s, topic s, format s, path s, messages_count u64, size_bytes u64, took_us n',
  consumer_group: 'id n, name s, partitions_count n, members_count n, members[] {}',
  'consumer_group.lag': 'group s, total_lag u64, partitions[] {}',
  consumer_offset:
    'consumer s, consumer_kind s, stream s, topic s, partition n, current_offset u64, ' +
    'stored_offset u64, lag u64',
  user: 'id n, name s, status s, created_at t, permissions {}',
  token: 'name s, expires_at t?, expired b, stored s?',
  change: 'action s, target s, changed b, id n?, before {}, after {}, op u64?, view n?',
  frame:
    'index n, offset n, length n, framing s, direction s?, time t?, flow s?, command {}, ' +
    'header {}, operation {}, body {}, body_hex s, checks {}, warnings[] s, ambiguous b, ' +
    'problems[] s, status {}, reason {}, results {}, readings[] {}, pair n?, latency_us n?, ' +
    'missing_bytes n, input {}',
  'proxy.frame':
    'time t?, connection n, direction s?, index n, offset n, length n, framing s, flow s?, ' +
    'command {}, header {}, operation {}, body {}, checks {}, warnings[] s, latency_us n?',
  'capture.stats': 'rows[] {}, clients[] {}',
  'capture.diff': 'equal b, first {}',
  'capture.replay': 'sent n, replies n, refused n',
  'request.raw': 'sent_bytes n, closed b, answers[] {}',
  'request.mutation': 'command s, corruption s, answer s, code n?, reason s?, usable b?',
  top:
    'node s, server_version s, hostname s, cpu_usage n, memory_bytes u64, run_time_us u64, ' +
    'clients_count n, messages_count u64, nodes[] {}, streams[] {}',
  'inspect.dir': 'directory s, running b, pid n?, size_bytes u64, nodes[] {}',
  'inspect.superblock': `${inspected}, wins b`,
  'inspect.wal.entry': inspected,
  'inspect.snapshot': inspected,
  'inspect.segment.batch': inspected,
  'inspect.index.entry': inspected,
  'inspect.client':
    'tier s, slot n?, client_id u128, user_id n, epoch u64?, watermark u64, origin u64?, ' +
    'cached_replies n, latest_commit u64?',
  'inspect.integrity':
    'directory s, healthy b, checked n, ok n, unsealed n, torn n, damaged n, files[] {}',
  'inspect.compare': 'equal b, first {}, nodes[] {}',
  'inspect.constant': 'name s, value n, unit s, meaning s',
  'decode.summary':
    'frames n, bytes n, malformed n, partial_bytes n, missing_bytes n, partial {}, warnings n',
};
