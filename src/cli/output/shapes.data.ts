const globalRights =
  'manage_servers b, read_servers b, manage_users b, read_users b, manage_streams b, ' +
  'read_streams b, manage_topics b, read_topics b, poll_messages b, send_messages b';
const streamRights =
  'manage_stream b, read_stream b, manage_topics b, read_topics b, poll_messages b, send_messages b';
const topicRights = 'manage_topic b, read_topic b, poll_messages b, send_messages b';
const permissions =
  `{global {${globalRights}}, streams[] {stream_id n, ${streamRights}, ` +
  `topics[] {topic_id n, ${topicRights}}}}`;

const partition =
  'id n, created_at t, segments_count n, current_offset u64, size_bytes u64, messages_count u64';
const topicInStream = 'id n, name s, partitions_count n, messages_count u64, size_bytes u64';
const timing = 'min_us n?, avg_us n?, p50_us n?, p99_us n?, max_us n?, mdev_us n?';
const percentiles = 'avg n, p50 n, p90 n, p95 n, p99 n, p999 n, max n';
const sent = 'sent {request u64, session u64}';
const answer = 'answer (reply cached already_applied rejected evicted silence closed)';

/** What every inspection tells of a place in a file. */
const inspected = 'file s, offset u64, length n, fields {*: json}, checks {*: json}, warnings[] s';

const frame =
  'index n, offset n, length n, framing s, direction s?, time t?, flow s?, ' +
  'command {code n, name s}?, header {*: json}?, ' +
  'operation {code n, name s, plane s, replicated b}?, body {*: json}?, checks {*: json}, ' +
  'warnings[] s, ambiguous b, problems[] s, status json, reason json, results json, ' +
  'readings[] json, pair n?, latency_us n?, missing_bytes n, input json';

/**
 * The fields of every kind of result. Types: s string, n number, b boolean, t time, u64 and u128
 * numbers as strings, json whatever JSON can say, (a b) one of these words, {} object with those
 * fields, {*: T} object whose names are data; `?` may be null, `[]` array, `~` in front of a field
 * that some results of the kind do not have.
 */
export const resultShapes: Readonly<Record<string, string>> = {
  session:
    'context s, server s, node n?, user s, user_id n, client_id u128, session u64, ' +
    'next_request u64, view n?, primary n?, commit u64?, auth_method s, source s, store s?, ' +
    'expires_at t?, verified (yes no expired unknown), already_logged_in b, protocol_version s, ' +
    'server_protocol_version s, server_version s, ~reply_frame_hex s?',
  'session.probe':
    `policy s?, probes[] {name s, ${sent}, ${answer}, code n?, reason s?, expected[] s, ok b, ` +
    `steps[] {${sent}, ${answer}, code n?, reason s?, expected[] s}}`,
  logout: 'revoked b, removed_local b, server s?, expires_at t?',
  version:
    'tool s, commit s, node s, platform s, protocol_version s, ' +
    'server {version s, protocol_version s}?',
  config: 'path s, entries[] {key s, value json, origin s}',
  snapshot: 'path s, size_bytes u64, entries[] s, sha256 s',
  option: 'scope s, key s, kind s, default s, bounds s?, description s',
  'cluster.ready':
    'name s, pid n, control s, data_dir s?, context s?, cluster_id u128, view n, primary n?, ' +
    'nodes[] {id n, tcp n, correlated n?, data_dir s?, role s}',
  'cluster.health':
    'healthy b, reasons[] s, view n?, primary n?, nodes_expected n, nodes_healthy n',
  cluster:
    'name s, pid n?, state (ready starting stopped dead), nodes n, ports[] n, data_dir s?, ' +
    'uptime_us n?, ~took_us n',
  'cluster.action':
    'action s, nodes[] {id n, was s, now s}, rules[] {from n, to n, drop n, delay_us n, ' +
    'jitter_us n, duplicate n, reorder n}, view n?, primary n?, took_us n?',
  'cluster.inspect': 'nodes[] {id n, sections {*: json}}, ~diff[] {field s, values {*: json}}',
  command:
    'code n, name s, operation s?, replicated b, plane s, session s, permission s, ' +
    '~body[] {name s, type s, meaning s}, ~example {*: json}',
  count: 'stream s, topic s, messages_count u64, partitions[] {partition n, messages_count u64}',
  'context.export': 'name s, text s',
  permission: 'user s, action s, target s?, allowed b, by s?',
  error_code: 'code n, name s, meaning s, cause s?, action s?, exit_code n',
  doctor: 'checks[] {name s, ok b, detail s, fix s?}',
  bench:
    'kind_name s, parameters {*: json}, environment {iggyctl s, node s, platform s, host s, ' +
    'cpus n, cpu s, memory_bytes u64, load_average n, time t}, ' +
    'cluster {servers[] s, own_nodes n?}, totals {messages u64, bytes u64, seconds n}, ' +
    `throughput {msgs_per_s n, mb_per_s n}, latency_us {${percentiles}}, ` +
    `actors[] {actor s, messages u64, bytes u64, msgs_per_s n, mb_per_s n, ${percentiles}}, ` +
    'series[] {at_us n, messages n, msgs_per_s n}, histogram[] {le_us n, count n}',
  smoke:
    'suite s, steps[] {n n, suite s, name s, ok b, skipped b, took_us n, error json}, ' +
    'passed n, failed n, skipped n',
  'smoke.step': 'n n, suite s, name s',
  whoami: `user s, user_id n, status s, auth_method s, source s, permissions ${permissions}?`,
  context:
    'name s, active b, description s?, servers[] s, transport s, username s?, ' +
    'auth (none password token), tls {enabled b, ca s?, server_name s?, insecure b}, confirm b, ' +
    'local_cluster s?, ~origins {*: s}',
  'context.test': 'name s, reachable b, login b, primary s?, rtt_us n?, error s?',
  ping: `samples[] {seq n, node s, rtt_us n?, ok b, error s?}, sent n, received n, ${timing}`,
  stats:
    'process_id n, cpu_usage n, total_cpu_usage n, memory_usage_bytes u64, total_memory u64, ' +
    'available_memory u64, run_time u64, start_time u64, read_bytes u64, written_bytes u64, ' +
    'messages_size_bytes u64, streams_count n, topics_count n, partitions_count n, ' +
    'segments_count n, messages_count u64, clients_count n, consumer_groups_count n, ' +
    'hostname s, os_name s, os_version s, kernel_version s, iggy_server_version s, ' +
    'iggy_server_semver n?, cache_metrics[] {*: json}, threads_count n, free_disk_space u64, ' +
    'total_disk_space u64',
  client:
    'client_id n, user_id n?, address s, transport s, consumer_groups_count n, ' +
    'consumer_groups[] {stream_id n, topic_id n, group_id n}',
  'cluster.metadata':
    'name s, nodes[] {name s, ip s, endpoints {tcp n, quic n, http n, websocket n}, role s, ' +
    'status s, self b}, disagreement[] {node s, field s, value s}',
  'cluster.status':
    'name s, source (control remote), healthy b, reasons[] s, quorum {need n, have n}, view n?, ' +
    'primary n?, nodes[] {id n, address s, reachable b, role s, status s, view n?, log_view n?, ' +
    'commit u64?, op u64?, lag u64?, pipeline n?, checkpoint_op u64?, partitions_behind n?, ' +
    'uptime_us n?, rtt_us n?, error s?}',
  'cluster.event':
    'time t, node n?, plane s, level s, event (request prepare ack commit view_change control ' +
    'ignored fault link node), view n, op u64?, reason s?, detail {*: json}',
  'request.result':
    'command s, code n, operation s?, request u64, session u64, status n, status_name s, ' +
    'results[] {index n, code n, name s}, reply {*: json}?, reply_hex s?, latency_us n, node n?, ' +
    'view n?, op u64?, commit u64?, retried n',
  stream:
    'id n, name s, created_at t, size_bytes u64, messages_count u64, topics_count n, ' +
    `~topics[] {${topicInStream}, ~partitions[] {*: json}}`,
  topic:
    'id n, stream_id n, name s, created_at t, size_bytes u64, max_size_bytes u64?, ' +
    'max_size_default b, compression s, expiry_us u64?, expiry_default b, ' +
    'options {explicit {*: json}, derived {*: json}}, messages_count u64, partitions_count n, ' +
    `~partitions[] {${partition}}`,
  partition,
  segment:
    'start_offset u64, end_offset u64, size_bytes u64, messages_count u64?, sealed b, file s',
  message:
    'stream s, topic s, partition n, offset u64, id u128, timestamp t, origin_timestamp t, ' +
    'length n, checksum u128, payload_text s?, payload_json json, payload_hex s?, ' +
    'headers[] {key s, key_kind s, kind s, value s}',
  'message.send':
    'sent u64, acknowledged u64, batches n, bytes u64, retried n, took_us n, ' +
    'failed[] {line n, error s}',
  'message.export':
    'stream s, topic s, format s, path s, messages_count u64, size_bytes u64, took_us n',
  consumer_group:
    'id n, name s, partitions_count n, members_count n, ' +
    '~members[] {id n, partitions_count n, partitions[] n}',
  'consumer_group.lag':
    'group s, total_lag u64, ' +
    'partitions[] {partition n, member n?, stored_offset u64?, end_offset u64, lag u64}',
  consumer_offset:
    'consumer s, consumer_kind s, stream s, topic s, partition n, current_offset u64, ' +
    'stored_offset u64, lag u64',
  user: `id n, name s, status s, created_at t, permissions ${permissions}?`,
  token: 'name s, expires_at t?, expired b, stored s?, ~value s',
  change:
    'action s, target s, changed b, id n?, before {*: json}?, after {*: json}?, op u64?, view n?',
  frame: `${frame}, body_hex s`,
  'proxy.ready': 'listen s, target s, pid n',
  'proxy.frame': `connection n, ${frame}`,
  'capture.stats':
    'rows[] {command s, operation s?, count n, bytes u64, errors n, p50_us n?, p99_us n?}, ' +
    'clients[] {client_id u128, frames n, jumps n, repeats n}',
  'capture.diff': 'equal b, first {*: json}?',
  'capture.replay': 'sent n, replies n, refused n',
  'capture.replay.step': 'connection n, operation s?, answer s, latency_us n?',
  'request.raw': 'sent_bytes n, closed b, answers[] {answer s, code n?, reason s?}',
  'request.mutation': 'command s, corruption s, answer s, code n?, reason s?, usable b?',
  top:
    'node s, server_version s, hostname s, cpu_usage n, memory_bytes u64, run_time_us u64, ' +
    'clients_count n, messages_count u64, nodes[] {name s, address s, role s, status s}, ' +
    'streams[] {id n, name s, topics_count n, messages_count u64, size_bytes u64}',
  'inspect.dir':
    'directory s, running b, pid n?, size_bytes u64, nodes[] {directory s, replica n?, ' +
    'replica_count n?, view n?, joining b, size_bytes u64, ' +
    'files[] {file s, file_kind s, size_bytes u64}}',
  'inspect.superblock': `${inspected}, wins b`,
  'inspect.wal.entry': inspected,
  'inspect.snapshot': inspected,
  'inspect.segment.batch': inspected,
  'inspect.segment.message': inspected,
  'inspect.index.entry': inspected,
  'inspect.client':
    'tier s, slot n?, client_id u128, user_id n, epoch u64?, watermark u64, origin u64?, ' +
    'cached_replies n, latest_commit u64?',
  'inspect.integrity':
    'directory s, healthy b, checked n, ok n, unsealed n, torn n, damaged n, ' +
    'files[] {verdict s, file s, file_kind s, size_bytes u64, offset u64?, op u64?, detail s}',
  'inspect.compare':
    'equal b, first {*: json}?, nodes[] {directory s, view n?, commit u64?, first_op n?, ' +
    'last_op n?, snapshot_op n?}',
  'inspect.constant': 'name s, value n, unit s, meaning s',
  'decode.summary':
    'frames n, bytes n, malformed n, partial_bytes n, missing_bytes n, partial json, warnings n',
  'simulate.run':
    'seed u64, parameters {*: json}, ticks u64, ops u64, views n, crashes n, partitions n, ' +
    'result (ok failed inconclusive), failure {class s, invariant s, tick u64, event u64, node n?, ' +
    'detail s}?, ~excuse s, ~states[] s, trace_hash s, reproduce s, files[] s, version s',
  'simulate.summary':
    'runs n, failed n, inconclusive n, first_class s?, ' +
    'groups[] {class s, invariant s, seeds n, cheapest u64}, marks {*: n}, ticks u64, events u64, ' +
    'seconds n, excused[] {seed u64, why s}, missing_marks[] s',
  'simulate.replay': 'identical b, expected s, trace_hash s, result s, ~states[] s, ~stopped json',
  'simulate.recording':
    'identical b, inputs n, digests n, bytes n, program s, overwritten b, torn b, ' +
    'lives[] {node n, group s, result (identical replayed diverged beheaded unrecorded), inputs n, ' +
    'digests n, complete b, ~state s, ~input n, ~since n, ~differs[] s, ~reason s}',
  'simulate.shrink':
    'shrunk b, ~file s, ~page s, ~invariant s, ~tick n, ~faults n, ~runs n, ~reproduce s',
  'simulate.event': 'n u64, t u64, r s, k s, text s, op u64?',
  'simulate.diff': 'equal b, first {a s, b s}?',
};
