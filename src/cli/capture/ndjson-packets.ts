import { concatBytes, fromHex } from '../../base/index.js';
import { CliError } from '../cli-error.js';
import { captureHeader, endsOf, PacketMaker } from '../cluster/trace/packets.js';
import { parseTime } from '../times.js';

type Line = Readonly<Record<string, unknown>>;

/**
 * Makes packets of the frames that `proxy --write FILE.ndjson` and `--trace FILE.ndjson` kept, so that
 * both forms of a capture are read by the same code.
 *
 * @throws CliError E_USAGE with the line that is no frame
 */
export async function* packetsOfLines(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
): AsyncGenerator<Uint8Array> {
  yield captureHeader();
  const maker = new PacketMaker();
  let number = 0;
  for await (const text of linesOf(chunks)) {
    number += 1;
    if (text.trim() === '') continue;
    const found = frameIn(parsed(text));
    if (found === undefined) {
      throw new CliError('E_USAGE', `${path}:${number} is no frame with its bytes`, {
        hint: 'write it with iggyctl proxy --write FILE.ndjson or --trace FILE.ndjson',
      });
    }
    const { micros, ends, isReply, bytes } = found;
    yield concatBytes([...maker.exchange(micros, ends, isReply, bytes)]);
  }
}

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  yield rest;
}

function frameIn({ time, direction, flow, bytes_hex: digits }: Line) {
  if (typeof flow !== 'string' || typeof digits !== 'string') return undefined;
  const bytes = bytesOf(digits);
  if (bytes === undefined) return undefined;
  const micros = typeof time === 'string' ? Number(parseTime(time, 'time')) : 0;
  return { bytes, micros, ends: endsOf(flow), isReply: direction === 'server' };
}

function parsed(text: string): Line {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Line) : {};
  } catch {
    return {};
  }
}

function bytesOf(digits: string): Uint8Array | undefined {
  try {
    return fromHex(digits);
  } catch {
    return undefined;
  }
}
