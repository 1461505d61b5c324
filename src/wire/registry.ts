import type { Prng } from '../base/index.js';
import {
  frameSpecs,
  genericHeader,
  isOperation,
  Operation,
  operationName,
} from './frames/index.js';
import {
  correlatedRequestCodec,
  correlatedResponseCodec,
  legacyRequestCodec,
  legacyResponseCodec,
} from './framing/index.js';
import { commandList, replicatedBodyCodec } from './payloads/index.js';
import type { Codec } from './schema/index.js';

/** One described structure: what tests loop over and documentation is made from. */
export interface WireEntry {
  /** Unique, such as `header/Prepare` or `request/create_stream`. */
  readonly name: string;
  readonly codec: Codec<unknown>;
  /** A sentence for the documentation. */
  readonly doc: string;
  /** Makes a legal value where the description alone cannot tell which values are. */
  readonly sample?: (prng: Prng) => unknown;
}

const headerEntries: readonly WireEntry[] = [
  {
    name: 'header/Generic',
    codec: genericHeader,
    doc: 'What all headers have in common. The body is opaque.',
  },
  ...Object.values(frameSpecs).map(({ kind, codec, sealed, extension, direction, body }) => ({
    name: `header/${kind}`,
    codec,
    doc: [
      `Direction: ${direction}. Body: ${body}.`,
      sealed ? 'Sealed.' : '',
      extension ? 'Only between our own nodes.' : '',
    ]
      .filter((part) => part !== '')
      .join(' '),
  })),
];

/** Frames whose length field follows from their payload. */
function smallFrame(codec: Codec<unknown>, doc: string, fields: readonly string[]): WireEntry {
  const sample = (prng: Prng): unknown => {
    const all: Readonly<Record<string, unknown>> = {
      code: prng.u32(),
      status: prng.u32(),
      requestId: prng.u64(),
      payload: prng.bytes(prng.below(40)),
    };
    return Object.fromEntries(fields.map((name) => [name, all[name]]));
  };
  return { name: `frame/${codec.type}`, codec, doc, sample };
}

const smallFrameEntries: readonly WireEntry[] = [
  smallFrame(correlatedRequestCodec, 'A request on a correlated listener.', [
    'code',
    'requestId',
    'payload',
  ]),
  smallFrame(correlatedResponseCodec, 'Its response.', ['status', 'requestId', 'payload']),
  smallFrame(legacyRequestCodec, 'A request of releases before consensus.', ['code', 'payload']),
  smallFrame(legacyResponseCodec, 'Its response.', ['status', 'payload']),
];

const commandEntries: readonly WireEntry[] = commandList.flatMap(
  ({ code, name, request, response, framing }) => [
    { name: `request/${name}`, codec: request, doc: `Body of command ${code}.` },
    {
      name: `response/${name}`,
      codec: response,
      doc: `Payload of the answer to command ${code}${framing === 'result' ? ', behind the result section' : ''}.`,
    },
  ],
);

const replicatedEntries: readonly WireEntry[] = Object.values(Operation).flatMap((operation) => {
  const codec = isOperation(operation) ? replicatedBodyCodec(operation) : undefined;
  const isRequest = commandList.some((each) => each.request === codec);
  if (codec === undefined || isRequest) return [];
  const name = operationName(operation);
  return [{ name: `prepare/${name}`, codec, doc: `Body of a prepare of operation ${operation}.` }];
});

/** Every structure that crosses a socket. */
export const wireRegistry: readonly WireEntry[] = [
  ...headerEntries,
  ...smallFrameEntries,
  ...commandEntries,
  ...replicatedEntries,
];
