import { consensusLimits, ticksOf } from '../consensus/index.js';
import type { NodeHostConfig } from '../host/index.js';
import { type RosterConfig, serverDefaults } from '../server/index.js';
import { version } from '../version.js';
import type { ClusterManifest } from './manifest.js';
import type { ClusterSettings } from './settings.js';

/**
 * While all nodes of a cluster start together nobody can answer a probe for the current view, so they
 * need not wait for an answer as long as one that comes back into a living cluster.
 */
const togetherProbeTicks = 4;

/** Settings of one node, from those of the cluster. @throws CONSENSUS_CONFIG_INVALID */
export function nodeConfigOf(
  node: number,
  cluster: {
    readonly manifest: ClusterManifest;
    readonly id: bigint;
    readonly settings: ClusterSettings;
    readonly roster: RosterConfig;
    readonly dummyPasswordHash: string;
    /** All nodes are starting together. */
    readonly isTogether: boolean;
    readonly isTracing: boolean;
  },
): NodeHostConfig {
  const { settings, manifest } = cluster;
  const pipelineDepth = settings.number('metadata.prepare_queue_depth');
  const journalSlots = settings.number('metadata.journal_slots');
  const retiredSlots = settings.number('session.retired_max');
  const commitTicks = ticksOf(settings.number('cluster.commit_broadcast_interval'));
  const heartbeatTicks = ticksOf(settings.number('cluster.heartbeat_timeout'));
  return {
    node,
    nodeCount: manifest.nodes,
    cluster: cluster.id,
    limits: consensusLimits({
      heartbeatTicks,
      commitTicks,
      pipelineDepth,
      journalSlots,
      checkpointMargin: checkpointMarginOf(journalSlots, pipelineDepth),
      clientSlots: settings.number('metadata.clients_table_max'),
      retiredSlots,
      ...(cluster.isTogether && { probeTicks: togetherProbeTicks }),
    }),
    requestPolicy: settings.text('session.request_policy') === 'strict' ? 'strict' : 'watermark',
    root: manifest.root,
    server: {
      ...serverDefaults,
      serverVersion: `iggyctl/${version}`,
      dummyPasswordHash: cluster.dummyPasswordHash,
      heartbeatEnabled: settings.isOn('heartbeat.enabled'),
      heartbeatIntervalMillis: settings.number('heartbeat.interval'),
      resumeGraceMillis: settings.number('session.resume_grace'),
      tokenCleanerIntervalMillis: settings.number('personal_access_token.cleaner.interval'),
      rebalancingTimeoutMillis: settings.number('consumer_group.rebalancing_timeout'),
      maxTokensPerUser: settings.number('personal_access_token.max_tokens_per_user'),
      freeLoginAttempts: settings.number('login.free_attempts'),
      loginAttemptIntervalMillis: settings.number('login.attempt_interval'),
      roster: cluster.roster,
    },
    partitions: {
      ack: settings.text('partition.ack') === 'memory' ? 'memory' : 'fsync',
      cleanIntervalMillis: settings.number('data_maintenance.messages.interval'),
      limits: consensusLimits({
        heartbeatTicks,
        commitTicks,
        pipelineDepth: settings.number('partition.prepare_queue_depth'),
        ...(cluster.isTogether && { probeTicks: togetherProbeTicks }),
      }),
    },
    tracing: cluster.isTracing,
  };
}

/**
 * A checkpoint takes several syncs, and the log goes on growing meanwhile. With a margin of one
 * pipeline a busy backup runs out of slots and drops prepares, which come again a quarter of a second
 * later; a quarter of the slots is enough for the slowest disk that was measured.
 */
function checkpointMarginOf(journalSlots: number, pipelineDepth: number): number {
  const most = journalSlots - 2 * pipelineDepth;
  return Math.max(pipelineDepth, Math.min(most, Math.max(64, journalSlots >> 2)));
}
