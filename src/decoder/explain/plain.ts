import { getU32 } from '../../base/index.js';
import { codec, commandByCode, Operation } from '../../wire/index.js';
import { errorName, isKnownError } from '../error-names.js';
import { type Family, headerSizes } from '../framing/family.js';
import { decodeBody, plainBody } from './body.js';
import { type BodyLayout, commandLayout, namedCommand, responseLayout } from './body-layout.js';
import { noChecks } from './checks.js';
import type { OperationView, Reading } from './frame-view.js';
import { type HeaderStructure, operationView } from './header-facts.js';
import type { Explained, ExplainOptions } from './vsr.js';

const { field, struct, u32, u64 } = codec;

const code = field(
  { ...u32, type: 'command:u32', display: (value: number) => namedCommand(value).name },
  'Command code.',
);
const status = field(
  { ...u32, type: 'error:u32', display: (value: number) => errorName(value) },
  '0 = ok, otherwise an error code.',
);
const requestId = field(u64, 'Chosen by the client, repeated by the response.');

type PlainFamily = Exclude<Family, 'vsr'>;

/** The headers of the framings without consensus. */
const headers: { readonly [F in PlainFamily]: HeaderStructure } = {
  request: struct(
    'RequestFrame',
    { length: field(u32, '12 + size of the payload.'), code, request_id: requestId },
    16,
  ),
  response: struct(
    'ResponseFrame',
    { status, length: field(u32, '8 + size of the payload.'), request_id: requestId },
    16,
  ),
  legacy_request: struct(
    'LegacyRequest',
    { length: field(u32, '4 + size of the payload.'), code },
    8,
  ),
  legacy_response: struct(
    'LegacyResponse',
    { status, length: field(u32, 'Size of the payload.') },
    8,
  ),
};

/** The command code of a plain request. */
export function requestCode(bytes: Uint8Array): number {
  return getU32(bytes, 4);
}

/** The id that ties a correlated response to its request; 0 in the older framing. */
function correlationId(family: Family, bytes: Uint8Array): bigint {
  if (family !== 'request' && family !== 'response') return 0n;
  return bytes.length < 16
    ? 0n
    : BigInt(getU32(bytes, 12)) * 0x1_0000_0000n + BigInt(getU32(bytes, 8));
}

function isRequestFamily(family: PlainFamily): boolean {
  return family === 'request' || family === 'legacy_request';
}

/**
 * Explains a frame of one of the framings without consensus.
 * @source Iggy binary protocol, correlated frames and legacy frames
 */
export function explainPlain(
  family: PlainFamily,
  bytes: Uint8Array,
  options: ExplainOptions,
): Explained {
  const isRequest = isRequestFamily(family);
  const size = headerSizes[family];
  const problems: string[] = [];
  const warnings: string[] = [];
  const layout = isRequest ? commandLayout(requestCode(bytes)) : answerLayout(bytes, options);
  let body = plainBody(layout, size, bytes.length);
  if (options.whole) {
    const decoded = decodeBody(layout, bytes, size);
    body = decoded.view;
    if (decoded.problem !== undefined) problems.push(decoded.problem);
    if (decoded.warning !== undefined) warnings.push(decoded.warning);
  }
  const word = getU32(bytes, 0);
  const failed = !isRequest && word !== 0;
  if (failed && !isKnownError(word)) warnings.push(`status ${word} is no known error code`);
  return {
    length: isRequest ? word + 4 : getU32(bytes, 4) + 8,
    direction: options.direction ?? (isRequest ? 'client' : 'server'),
    command: isRequest ? namedCommand(requestCode(bytes)) : { code: word, name: errorName(word) },
    operation: operationOf(layout),
    status: failed ? { code: word, name: errorName(word) } : undefined,
    reason: undefined,
    header: { layout: headers[family].type, codec: headers[family], size },
    ...{ body, checks: noChecks, warnings, problems },
  };
}

/** What else the same bytes could be. */
export function readingOf(family: Family, bytes: Uint8Array): Reading {
  const isRequest = family === 'request' || family === 'legacy_request';
  const word = getU32(bytes, 0);
  return {
    family,
    command: isRequest ? namedCommand(requestCode(bytes)) : { code: word, name: errorName(word) },
    requestId:
      family === 'request' || family === 'response' ? correlationId(family, bytes) : undefined,
    bodySize: Math.max(0, bytes.length - headerSizes[family]),
  };
}

function answerLayout(bytes: Uint8Array, options: ExplainOptions): BodyLayout {
  const layout = responseLayout(options.answers);
  return getU32(bytes, 0) === 0
    ? layout
    : { ...layout, name: 'bytes', codecs: [], note: undefined };
}

function operationOf(layout: BodyLayout): OperationView | undefined {
  const { command } = layout;
  const known = command === undefined ? undefined : commandByCode(command.code);
  if (known === undefined || command === undefined) return undefined;
  return known.operation === Operation.NonReplicated
    ? operationView(Operation.NonReplicated, command)
    : operationView(known.operation, command);
}
