import { getU64 } from '../../base/index.js';
import {
  Command,
  commandByCode,
  commandCodeOfOperation,
  genericHeader,
  headerSize,
  Operation,
} from '../../wire/index.js';
import { declaredSize } from '../framing/plausible.js';
import { decodeBody, plainBody } from './body.js';
import { type BodyLayout, namedCommand } from './body-layout.js';
import { nonzeroReserved } from './checks.js';
import type { Check, Checks } from './frame-view.js';
import { commandOf, directionOf, operationByte, operationView } from './header-facts.js';
import {
  originHeader,
  originLastCommand,
  originLogin,
  originLoginReply,
  originReply,
  originRequest,
  originTokenLogin,
} from './origin-headers.js';
import { type Explained, type ExplainOptions, snake } from './vsr.js';

const unsealed: Check = { verdict: 'unsealed' };
const none: Check = { verdict: 'none' };

/**
 * Explains a frame with the header of the proposal from which today's protocol grew.
 * @source Iggy consensus protocol, the session registration proposal versus today
 */
export function explainOrigin(bytes: Uint8Array, options: ExplainOptions): Explained {
  const command = commandOf(bytes);
  const codec = originHeader(command.code);
  const problems: string[] = [];
  const warnings = nonzeroReserved(codec, bytes).map(
    ({ name, start, end }) => `bytes ${start}..${end} (${snake(name)}) are not zero`,
  );
  if (command.code === 0 || command.code > originLastCommand) {
    problems.push(`the proposal has no command ${command.code}`);
  }
  problems.push(...requestProblems(bytes));
  const layout = originBody(bytes, options.answers);
  const decoded = options.whole
    ? decodeBody(layout, bytes, headerSize)
    : { view: plainBody(layout, headerSize, bytes.length), problem: undefined, warning: undefined };
  if (decoded.problem !== undefined) problems.push(decoded.problem);
  if (decoded.warning !== undefined) warnings.push(decoded.warning);
  const reserved: Check = { verdict: warnings.length === 0 ? 'ok' : 'nonzero' };
  const checks: Checks = { frame: unsealed, body: unsealed, reserved, batch: none, commit: none };
  const operation = operationByte(bytes);
  const kind = command.code === Command.Request ? 'Request' : 'Prepare';
  return {
    ...{ length: declaredSize(bytes, 0), command, problems, warnings, checks },
    direction: options.direction ?? directionOf(bytes, kind),
    operation: operation === undefined ? undefined : operationView(operation, layout.command),
    ...{ status: undefined, reason: undefined },
    header: { layout: codec.type, codec, size: headerSize },
    body: decoded.view,
  };
}

/** A Register has neither session nor request number, everything else has both. */
function requestProblems(bytes: Uint8Array): readonly string[] {
  if (bytes[genericHeader.offsetOf.command] !== Command.Request) return [];
  const at = originRequest().offsetOf;
  const operation = bytes[at.operation] ?? 0;
  if (operation === Operation.Reserved) return [];
  const session = getU64(bytes, at.session);
  const request = getU64(bytes, at.request);
  const isRegister = operation === Operation.Register;
  const fields = [
    ['session', session],
    ['request', request],
  ] as const;
  return fields.flatMap(([name, value]) => {
    if (isRegister && value !== 0n) return [`a Register request must have ${name} 0`];
    return !isRegister && value === 0n ? [`${name} must be greater than 0`] : [];
  });
}

function originBody(bytes: Uint8Array, answers: number | undefined): BodyLayout {
  const plain = {
    ...{ codecs: [], resultFramed: false, allowTrailing: true, secret: false },
    ...{ command: undefined, note: undefined },
  };
  const command = bytes[genericHeader.offsetOf.command] ?? 0;
  const operation = operationByte(bytes) ?? 0;
  if (operation === Operation.Register && command === Command.Request) {
    return { ...plain, name: 'login', codecs: [originLogin(), originTokenLogin()], secret: true };
  }
  if (operation === Operation.Register && command === Command.Reply) {
    const isEmpty = bytes.length === originReply().size;
    return { ...plain, name: 'login reply', codecs: isEmpty ? [] : [originLoginReply()] };
  }
  const code = answers ?? commandCodeOfOperation(operation);
  const known = code === undefined ? undefined : commandByCode(code);
  if (code === undefined || known === undefined) return { ...plain, name: 'bytes' };
  const named = namedCommand(code);
  if (command === Command.Request) {
    return { ...plain, name: known.name, codecs: [known.request], command: named };
  }
  return { ...plain, name: 'bytes', command: named };
}
