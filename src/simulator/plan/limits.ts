import { type ConsensusLimits, consensusLimits } from '../../consensus/index.js';

/** Short names of limits, beside their own. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['clients-table', 'clientSlots'],
  ['retired', 'retiredSlots'],
  ['journal-slots', 'journalSlots'],
  ['ring', 'ringReplies'],
  ['pipeline', 'pipelineDepth'],
  ['checkpoint-margin', 'checkpointMargin'],
  ['repair-chunk', 'repairChunk'],
]);

/** All names by which a limit can be set. */
export const limitNames: readonly string[] = [...Object.keys(consensusLimits()), ...aliases.keys()];

/**
 * Limits under their own names. @throws CONSENSUS_CONFIG_INVALID for values that break a rule of start-up when
 * they are put over `base`
 */
export function limitsNamed(
  given: ReadonlyMap<string, number>,
  base: Partial<ConsensusLimits>,
): Partial<ConsensusLimits> {
  const limits = Object.fromEntries(
    [...given].map(([name, value]) => [aliases.get(name) ?? name, value]),
  );
  consensusLimits({ ...base, ...limits });
  return limits;
}
