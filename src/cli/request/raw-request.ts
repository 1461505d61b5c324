import { toHex } from '../../base/index.js';
import {
  type CommandSpec,
  decode,
  Operation,
  operationName,
  replyView,
  serverErrorName,
} from '../../wire/index.js';
import { CliError } from '../cli-error.js';
import { requestFrameOf } from '../connect/dry-run.js';
import { exitClassOfEviction } from '../exit-codes.js';
import type { Field } from '../output/result.js';
import { answerText } from '../session/raw-answer.js';
import type { RawSession } from '../session/raw-session.js';
import type { requestResult } from './request-result.js';

/** Header fields that are set by hand. */
export interface HeaderChoice {
  readonly session: bigint | undefined;
  readonly request: bigint | undefined;
}

/**
 * Sends one request with a header made by hand and gives the result in the form of a common one.
 * @throws CliError when the session was ended, or nothing came
 */
export async function rawRequest(
  session: RawSession,
  spec: CommandSpec,
  body: Uint8Array,
  choice: HeaderChoice,
): Promise<Awaited<ReturnType<typeof requestResult>>> {
  const { clientId } = session;
  const chosen = choice.session ?? session.session;
  const request = choice.request;
  const frame = requestFrameOf({ code: spec.code, body, clientId, session: chosen, request });
  const started = performance.now();
  const answer = await session.link.ask(frame);
  const latency = Math.round((performance.now() - started) * 1000);
  const { kind, code, payload } = answer;
  const reply = answer.frame;
  if (reply === undefined || kind === 'evicted') {
    throw new NoReplyError(kind, answer.code ?? 0, answerText(answer));
  }
  const status = code ?? 0;
  const isOk = kind === 'reply';
  return {
    command: spec.dispatchName,
    code: spec.code,
    operation: spec.operation === Operation.NonReplicated ? null : operationName(spec.operation),
    request: replyView.request(reply),
    session: chosen,
    status,
    status_name: isOk ? 'ok' : serverErrorName(status),
    results: isOk ? [] : [{ index: 0, code: status, name: serverErrorName(status) }],
    reply: isOk ? readable(spec, payload) : null,
    reply_hex: isOk ? toHex(payload) : null,
    latency_us: latency,
    node: session.link.node,
    view: replyView.view(reply),
    op: replyView.op(reply),
    commit: replyView.commit(reply),
    retried: 0,
    message: isOk ? null : `${spec.dispatchName} was refused`,
    hint: null,
  };
}

function readable({ response }: CommandSpec, payload: Uint8Array): Field {
  try {
    return decode(response, payload, { allowTrailing: true }) as Field;
  } catch {
    return null;
  }
}

/** The session was ended, the connection was closed, or nothing came. */
class NoReplyError extends CliError {
  override readonly exitClass: CliError['exitClass'];

  constructor(kind: string, code: number, text: string) {
    super('E_FAILED', `the server did not reply: ${text}`, {
      label: kind === 'evicted' ? 'E_EVICTED' : kind === 'closed' ? 'E_CLOSED' : 'E_TIMEOUT',
    });
    this.exitClass =
      kind === 'evicted'
        ? exitClassOfEviction(code)
        : kind === 'closed'
          ? 'unreachable'
          : 'timeout';
  }
}
