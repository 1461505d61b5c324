import {
  type ConsensusLimits,
  consensusLimits,
  type RecoveredState,
  type ReplicaConfig,
} from '../../consensus/index.js';
import { type RecordedConfig, type RecordedState, RecordingError } from '../../wire/index.js';

/** Configuration of a replica as it is recorded. */
export function recordedConfig(config: ReplicaConfig): RecordedConfig {
  const { cluster, group, groupIncarnation, replica, replicaCount } = config;
  return {
    ...{ cluster, group, groupIncarnation, replica, replicaCount },
    isStrict: config.requestPolicy === 'strict',
    isInMemory: config.durability === 'memory',
    limits: Object.entries(config.limits).map(([name, value]) => ({ name, value: Number(value) })),
  };
}

/** @throws RECORDING_NEWER when it names a limit that is not known here, CONSENSUS_CONFIG_INVALID */
export function configOfRecord(recorded: RecordedConfig): ReplicaConfig {
  const { isStrict, isInMemory, limits, ...rest } = recorded;
  return {
    ...rest,
    limits: limitsOf(limits),
    requestPolicy: isStrict ? 'strict' : 'watermark',
    durability: isInMemory ? 'memory' : 'durable',
    tracing: false,
  };
}

function limitsOf(limits: RecordedConfig['limits']): ConsensusLimits {
  const known: Readonly<Record<string, number>> = { ...consensusLimits() };
  for (const { name } of limits) {
    if (known[name] !== undefined) continue;
    const text = `the recording has a limit ${name}, which is not known here`;
    throw new RecordingError('RECORDING_NEWER', text, { name });
  }
  return consensusLimits(Object.fromEntries(limits.map(({ name, value }) => [name, value])));
}

/** What a replica recovers from as it is recorded. */
export function recordedState(state: RecoveredState): RecordedState {
  const { incarnation, superblock, snapshot, entries, anchor } = state;
  return {
    ...{ incarnation, entries },
    superblock: superblock ?? null,
    snapshot: snapshot ?? null,
    anchor: anchor ?? null,
    journalLost: state.journalLost === true,
    isKnown: state.isKnown === true,
    joining: state.joining === true,
  };
}

/** The same with bytes of its own, since a replica keeps what it is given. */
export function stateOfRecord(recorded: RecordedState): RecoveredState {
  const { superblock, snapshot, anchor, entries, ...rest } = recorded;
  return {
    ...rest,
    entries: entries.map((entry) => entry.slice()),
    ...(superblock !== null && {
      superblock: {
        ...superblock,
        viewHeaders: superblock.viewHeaders.map((each) => each.slice()),
      },
    }),
    ...(snapshot !== null && { snapshot: { ...snapshot, payload: snapshot.payload.slice() } }),
    ...(anchor !== null && { anchor: anchor.slice() }),
  };
}
