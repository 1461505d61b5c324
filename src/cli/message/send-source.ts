import type { UserHeader } from '../../wire/index.js';
import { usageError } from '../cli-error.js';
import type { Outgoing } from './send-run.js';
import { compileTemplate } from './template.js';

/** A payload and the line it came from. */
type Payload = Pick<Outgoing, 'payload' | 'line'>;

/** What all messages of a run have. */
export interface MessageFacts {
  readonly headers: readonly UserHeader[];
  readonly firstId: bigint | undefined;
}

/** Payloads together with the headers and ids that flags give. */
export async function* outgoing(
  payloads: AsyncIterable<Payload>,
  { headers, firstId }: MessageFacts,
): AsyncGenerator<Outgoing, void, undefined> {
  let id = firstId;
  for await (const each of payloads) {
    yield {
      ...each,
      ...(headers.length === 0 ? {} : { headers }),
      ...(id === undefined ? {} : { id }),
    };
    if (id !== undefined) id = BigInt.asUintN(128, id + 1n);
  }
}

/** The arguments, so often as is wanted, filled in where they are templates. */
export async function* repeated(
  words: readonly string[],
  { repeat, template }: { readonly repeat: number; readonly template: boolean },
): AsyncGenerator<Payload, void, undefined> {
  const payloads = words.map((word) =>
    template ? compileTemplate(word) : () => Buffer.from(word),
  );
  await Promise.resolve();
  let line = 0;
  for (let round = 0; round < repeat; round++) {
    for (const payload of payloads) {
      line += 1;
      yield { payload: payload(line), line };
    }
  }
}

/** A message id in decimal, or in hexadecimal behind `0x`. @throws CliError E_USAGE */
export function messageId(text: string | undefined): bigint | undefined {
  if (text === undefined) return undefined;
  const id = /^(?:\d+|0x[0-9a-f]+)$/i.test(text) ? BigInt(text) : -1n;
  if (id >= 0n && id >> 128n === 0n) return id;
  throw usageError(`--id: "${text}" is not a number of at most 128 bits`);
}

/** The bytes of a delimiter, in which `\n`, `\t`, `\r`, `\0` and `\xHH` may stand. */
export function delimiterOf(text: string | undefined): Uint8Array | undefined {
  if (text === undefined) return undefined;
  const escapes: Readonly<Record<string, string>> = {
    n: '\n',
    t: '\t',
    r: '\r',
    0: '\0',
    '\\': '\\',
  };
  const parts = text.match(/\\x[0-9a-f]{2}|\\[ntr0\\]|[^\\]+|\\/gi) ?? [];
  const bytes = Buffer.concat(
    parts.map((part) => {
      if (/^\\x/i.test(part)) return Buffer.from(part.slice(2), 'hex');
      return Buffer.from(part.startsWith('\\') ? (escapes[part[1] ?? ''] ?? part) : part);
    }),
  );
  if (bytes.length > 0) return bytes;
  throw usageError('--delimiter: it has at least one byte', 'write for instance \\n or \\0');
}
