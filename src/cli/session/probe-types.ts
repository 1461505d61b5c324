import type { AnswerKind, RawAnswer } from './raw-answer.js';
import type { RawSession } from './raw-session.js';

/** Names of all probes, in the order in which they run. */
export const probeNames = [
  ...['retransmit', 'jump', 'gap', 'aged', 'reuse', 'stale-session', 'future-session'],
  ...['no-session', 'duplicate-register', 'bad-register', 'logout-twice', 'in-flight'],
  'capacity',
] as const;

/** An answer that is right. */
export interface Expected {
  readonly kind: AnswerKind;
  /** Error code or number of the eviction reason that it must carry. */
  readonly code?: number;
  /** Name of the reason, for people. */
  readonly reason?: string;
}

/** One thing that was sent, what came, and what should have come. */
export interface ProbeStep {
  readonly sent: { readonly request: bigint; readonly session: bigint };
  readonly answer: RawAnswer;
  readonly expected: readonly Expected[];
}

/** What a probe has to work with. */
export interface ProbeTools {
  /** A connection with an identity of its own that is logged in. */
  session(): Promise<RawSession>;
  /** A connection of that identity, or of a new one, that has not logged in. */
  connect(clientId?: bigint): Promise<RawSession>;
  /** Name for a stream that is removed at the end. */
  name(): string;
  /** `watermark` or `strict`, if it is known. */
  readonly policy: string | null;
  /** True, false, or not known: whether the server is of this project. */
  readonly isOurs: boolean;
}

/** An expectation that our servers and official ones meet differently. */
export function oursOr(tools: ProbeTools, ours: Expected, official: Expected): readonly Expected[] {
  return [tools.isOurs ? ours : official];
}

/** True when an answer is one of those that are right. */
export function isExpected({ kind, code }: RawAnswer, expected: readonly Expected[]): boolean {
  return expected.some((each) => {
    return each.kind === kind && (each.code === undefined || each.code === code);
  });
}
