import { replyView } from '../wire/index.js';
import { type Answer, answersOperation, readAnswer } from './answer.js';
import { onCallAnswer, onLogoutAnswer, onPingAnswer } from './call-answers.js';
import { readCorrelated } from './correlated.js';
import { onEviction } from './evictions.js';
import type { Exchange } from './exchange.js';
import type { ProtocolFailure } from './failure.js';
import { hangUp } from './link.js';
import { failLogin, onLoginAnswer } from './login.js';
import { namedView } from './named-view.js';
import type { SessionCore } from './session-core.js';
import { onRosterAnswer } from './settle.js';

/** One whole frame from the server. */
export function onFrame(core: SessionCore, frame: Uint8Array): void {
  if (core.options.framing === 'correlated') {
    const { id, answer } = readCorrelated(frame);
    const exchange = core.active.find((each) => each.sent && each.request === BigInt(id));
    if (exchange === undefined) violation(core, `a response to request ${id}, which is not open`);
    else answerExchange(core, exchange, answer, frame);
    return;
  }
  const answer = readAnswer(frame);
  if (answer.kind === 'malformed') {
    violation(core, answer.reason);
    return;
  }
  const isLogin = core.phase === 'authenticating';
  if (answer.kind === 'evicted' && !isLogin) {
    onEviction(core, answer.failure);
    return;
  }
  const exchange = matching(core, answer, frame);
  if (exchange === undefined) violation(core, 'a reply that no open request asked for');
  else answerExchange(core, exchange, answer, frame);
}

/** In lockstep there is one candidate; otherwise the number decides. */
function matching(core: SessionCore, answer: Answer, frame: Uint8Array): Exchange | undefined {
  const [first] = core.active;
  if (answer.kind === 'evicted') return first;
  const exchange = core.pipelines
    ? core.active.find((each) => each.sent && each.request === replyView.request(frame))
    : first;
  if (exchange?.sent !== true) return undefined;
  const isMatch = answersOperation(exchange.operation, replyView.operation(frame));
  return isMatch ? exchange : undefined;
}

function answerExchange(
  core: SessionCore,
  exchange: Exchange,
  answer: Answer,
  frame: Uint8Array,
): void {
  exchange.sent = false;
  core.wasAnswered = true;
  if (core.options.framing === 'vsr') exchange.view = namedView(frame);
  switch (exchange.purpose) {
    case 'call':
      onCallAnswer(core, exchange, answer, frame);
      return;
    case 'login':
      onLoginAnswer(core, exchange, answer, frame);
      return;
    case 'logout':
      onLogoutAnswer(core, exchange, answer);
      return;
    case 'roster':
      onRosterAnswer(core, exchange, answer);
      return;
    case 'ping':
      onPingAnswer(core, exchange, answer);
  }
}

/** The server does not keep to the protocol: what it says next cannot be believed. */
export function violation(core: SessionCore, reason: string): void {
  const failure: ProtocolFailure = { kind: 'protocol', code: 3, reason };
  for (const exchange of [...core.active]) {
    core.release(exchange);
    if (exchange.purpose === 'login' && core.login !== undefined) {
      failLogin(core, core.login, failure);
    } else core.failInDoubt(exchange, failure);
  }
  hangUp(core, `protocol violation: ${reason}`);
}
