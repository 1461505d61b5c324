import type { Verdict } from '../proposal.js';

/** A decision about one request, with what its answer needs. */
export interface RequestVerdict {
  readonly verdict: Verdict;
  /** The cached reply of a Duplicate. */
  readonly reply?: Uint8Array;
  /** Eviction reason of a verdict that ends the session. */
  readonly eviction?: number;
  /** Result code of a verdict that refuses the request. */
  readonly code?: number;
}

const noSession = 1;
const sessionTooLow = 7;
const sessionError = 12;
const invalidCommand = 3;
const requestAlreadyApplied = 59;

/** The verdicts that carry no reply, each made once. */
export const verdicts = {
  fresh: { verdict: 'New' },
  noSession: { verdict: 'NoSession', eviction: noSession },
  fenced: { verdict: 'Fenced', eviction: sessionTooLow },
  epochAhead: { verdict: 'EpochAhead', eviction: sessionError },
  mismatchLow: { verdict: 'SessionMismatch', eviction: sessionTooLow },
  mismatchHigh: { verdict: 'SessionMismatch', eviction: sessionError },
  gap: { verdict: 'RequestGap', eviction: sessionError },
  checksumMismatch: { verdict: 'ChecksumMismatch', code: invalidCommand },
  alreadyApplied: { verdict: 'AlreadyApplied', code: requestAlreadyApplied },
} as const satisfies Record<string, RequestVerdict>;
