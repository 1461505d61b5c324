import { describe, expect, it } from 'vitest';
import { type ConsensusLimits, consensusLimits, ticksOf } from '../../src/consensus/index.js';

describe('limits', () => {
  it('follow from the pipeline depth where they depend on it', () => {
    expect(consensusLimits()).toMatchObject({
      pipelineDepth: 32,
      requestQueueDepth: 64,
      checkpointMargin: 64,
      ringFloor: 5,
    });
    expect(consensusLimits({ pipelineDepth: 100 })).toMatchObject({
      requestQueueDepth: 200,
      checkpointMargin: 100,
    });
    expect(consensusLimits({ ringReplies: 2 }).ringFloor).toBe(2);
  });

  it('can be shrunk for a simulation', () => {
    const small: Partial<ConsensusLimits> = {
      clientSlots: 4,
      retiredSlots: 4,
      journalSlots: 64,
      ringReplies: 2,
      pipelineDepth: 4,
      checkpointMargin: 8,
      repairChunk: 4,
      entryBytesMax: 65_536,
    };
    expect(consensusLimits(small)).toMatchObject(small);
  });

  it.each<[string, Partial<ConsensusLimits>]>([
    ['a negative limit', { prepareTicks: -1 }],
    ['a fraction', { commitTicks: 1.5 }],
    ['a heartbeat below 2 s', { heartbeatTicks: 199 }],
    ['a heartbeat below 4 commit intervals', { heartbeatTicks: 300, commitTicks: 76 }],
    ['a short view change timeout', { viewChangeStatusTicks: 199 }],
    ['no probe attempts', { probeAttempts: 0 }],
    ['too many probe attempts', { probeAttempts: 101 }],
    ['a pipeline a vote cannot describe', { pipelineDepth: 128 }],
    ['an empty pipeline', { pipelineDepth: 0 }],
    ['a repair round larger than a link', { repairChunk: 256 }],
    ['a margin below the pipeline', { pipelineDepth: 65, checkpointMargin: 64 }],
    ['a journal without room', { journalSlots: 100 }],
    ['one client', { clientSlots: 1 }],
    ['too many clients', { clientSlots: 65_537 }],
    ['too large a ring', { ringReplies: 65 }],
    ['a superblock window below 30 s', { superblockFatalTicks: 2999 }],
    ['a zero timer', { repairTicks: 0 }],
  ])('refuse %s', (_, overrides) => {
    expect(() => consensusLimits(overrides)).toThrow(
      expect.objectContaining({ code: 'CONSENSUS_CONFIG_INVALID' }),
    );
  });
});

it('rounds durations down to ticks, at least one', () => {
  expect([0, 9, 10, 19, 250, 5000].map(ticksOf)).toEqual([1, 1, 1, 1, 25, 500]);
});
