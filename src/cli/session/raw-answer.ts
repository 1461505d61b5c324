import { decodeReply, evictionReasonInfo, serverErrorName } from '../../wire/index.js';

/** What a server did with one frame. */
export type AnswerKind =
  | 'reply'
  | 'cached'
  | 'already_applied'
  | 'rejected'
  | 'evicted'
  | 'silence'
  | 'closed';

export interface RawAnswer {
  readonly kind: AnswerKind;
  /** Error code of a refusal, or number of an eviction reason; 0 for a reply. */
  readonly code: number | null;
  /** Name of the error or reason. */
  readonly reason: string | null;
  readonly frame: Uint8Array | undefined;
  readonly payload: Uint8Array;
}

const nothing = new Uint8Array();
const alreadyApplied = 59;

/** Silence, or the end of the connection. */
export function noAnswer(kind: 'silence' | 'closed', reason: string | null): RawAnswer {
  return { kind, code: null, reason, frame: undefined, payload: nothing };
}

/** Sorts a frame from a server. */
export function answerOf(frame: Uint8Array): RawAnswer {
  const outcome = decodeReply(frame);
  switch (outcome.kind) {
    case 'ok':
      return { kind: 'reply', code: 0, reason: null, frame, payload: outcome.payload };
    case 'status':
    case 'result': {
      const { code } = outcome;
      const kind = code === alreadyApplied ? 'already_applied' : 'rejected';
      return { kind, code, reason: serverErrorName(code), frame, payload: nothing };
    }
    case 'eviction': {
      const reason = evictionReasonInfo(outcome.reason)?.name ?? `reason ${outcome.reason}`;
      return { kind: 'evicted', code: outcome.reason, reason, frame, payload: nothing };
    }
    case 'malformed':
      return { kind: 'rejected', code: null, reason: 'malformed answer', frame, payload: nothing };
  }
}

/** Tells an answer in a few words. */
export function answerText({ kind, code, reason }: RawAnswer): string {
  if (kind === 'evicted') return `evicted ${reason ?? ''}`;
  if (kind === 'rejected') return `rejected ${code ?? ''} ${reason ?? ''}`.trimEnd();
  return kind === 'already_applied' ? `already_applied ${code}` : kind;
}

/** True for an answer that only says: not now. */
export function isTransientAnswer({ kind, code }: RawAnswer): boolean {
  return kind === 'rejected' && (code === 57 || code === 58);
}
