import {
  Command,
  decodeResult,
  EvictionReason,
  evictionHeader,
  Operation,
  replyView,
} from '../../wire/index.js';

/** What a rough client asked for, knowing the rules. */
export interface RoughAsked {
  readonly kind:
    | 'login'
    | 'wrong-login'
    /** A number above all it used. */
    | 'fresh'
    /** A number that was answered before, with the same body. */
    | 'repeat'
    /** A number that was answered before, with another body. */
    | 'reuse'
    /** Under a session that a later login took over. */
    | 'zombie';
}

/** What an answer says about the rules for request numbers. */
export interface NumberVerdict {
  readonly isOk: boolean;
  /** The number is used up: it was executed, with whatever result. */
  readonly isFinal: boolean;
  readonly broken?: { readonly invariant: string; readonly detail: string };
  readonly marks: readonly string[];
}

const alreadyApplied = 59;
const invalidCommand = 3;
const transient: ReadonlySet<number> = new Set([57, 58]);

/**
 * C9: a number above the watermark is admitted, whatever it jumps over. C10: a used number with
 * another body is refused. C12: a repeat whose reply is gone is refused as already applied.
 */
export function judgeNumber({ kind }: RoughAsked, frame: Uint8Array): NumberVerdict {
  if (frame[60] === Command.Eviction)
    return judgeEviction(kind, frame[evictionHeader.offsetOf.reason] ?? 0);
  const { ok, code, channel } = readReply(frame);
  const isRefused = transient.has(code);
  const isExecuted = channel === 'result' && !isRefused && code !== alreadyApplied;
  const marks: string[] = [];
  if (code === alreadyApplied) marks.push('already applied');
  const verdict = (broken?: NumberVerdict['broken']): NumberVerdict => ({
    isOk: ok,
    isFinal: isExecuted && code !== invalidCommand,
    marks,
    ...(broken !== undefined && { broken }),
  });
  switch (kind) {
    case 'wrong-login':
      return ok ? verdict(rule('C11', 'a wrong password was accepted')) : verdict();
    case 'fresh':
      return code === alreadyApplied
        ? verdict(rule('C9', 'a number above all used ones was refused as already applied'))
        : verdict();
    case 'repeat':
      if (ok) marks.push('repeat answered from the cache');
      return code === invalidCommand
        ? verdict(rule('C12', 'an exact repeat was refused as another request'))
        : verdict();
    case 'reuse':
      if (code === invalidCommand) marks.push('reused number refused');
      return isExecuted && code !== invalidCommand
        ? verdict(rule('C10', `a reused number was answered with result ${code}`))
        : verdict();
    case 'zombie':
      return isExecuted && code !== invalidCommand
        ? verdict(rule('C4', `a fenced session was answered with result ${code}`))
        : verdict();
    default:
      return verdict();
  }
}

function judgeEviction(kind: RoughAsked['kind'], reason: number): NumberVerdict {
  const marks =
    kind === 'zombie' && reason === EvictionReason.SessionTooLow ? ['fenced zombie'] : [];
  const base = { isOk: false, isFinal: false, marks };
  if (kind !== 'fresh' || reason !== EvictionReason.SessionError) return base;
  return { ...base, broken: rule('C9', 'a number above the watermark ended the session') };
}

function readReply(frame: Uint8Array): {
  readonly ok: boolean;
  readonly code: number;
  readonly channel: 'status' | 'result';
} {
  const status = replyView.status(frame);
  if (status !== 0) return { ok: false, code: status, channel: 'status' };
  const body = frame.subarray(256);
  if (body.length === 0) return { ok: true, code: 0, channel: 'result' };
  if (replyView.operation(frame) === Operation.Reserved) {
    return { ok: false, code: 0, channel: 'status' };
  }
  const result = decodeResult(body);
  return { ok: result.ok, code: result.ok ? 0 : result.code, channel: 'result' };
}

function rule(invariant: string, detail: string) {
  return { invariant, detail };
}
