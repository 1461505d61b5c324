import { concatBytes, fromHex } from '../../base/index.js';
import { endOf } from '../../cluster/index.js';
import { CliError } from '../cli-error.js';
import { captureHeader, PacketMaker } from '../cluster/trace/packets.js';
import { parseTime } from '../times.js';
import { endsOf } from './capture-file.js';

type Line = Readonly<Record<string, unknown>>;

/** True for the name of a capture of lines of JSON. */
export function isLinesName(path: string): boolean {
  return /\.(ndjson|json|jsonl)$/.test(path);
}

/**
 * Makes packets of the frames that `proxy --write FILE.ndjson` and `--trace FILE.ndjson` kept, so that
 * both forms of a capture are read by the same code.
 *
 * @throws CliError E_USAGE with the line that is no frame
 */
export async function* packetsOfLines(
  chunks: AsyncIterable<Uint8Array>,
  path: string,
  note: (text: string) => void,
): AsyncGenerator<Uint8Array> {
  yield captureHeader();
  const maker = new PacketMaker();
  let number = 0;
  let secret = 0;
  for await (const text of linesOf(chunks)) {
    number += 1;
    if (text.trim() === '') continue;
    const line = parsed(text);
    if (line['redacted'] === true) {
      secret += 1;
      continue;
    }
    const found = frameIn(line);
    if (found === undefined) {
      throw new CliError('E_USAGE', `${path}:${number} is no frame with its bytes`, {
        hint: 'write it with iggyctl proxy --write FILE.ndjson or --trace FILE.ndjson',
      });
    }
    const [source, target] = found.isReply
      ? [found.server, found.client]
      : [found.client, found.server];
    yield concatBytes([...maker.data(found.micros, source, target, found.bytes)]);
  }
  if (secret > 0) note(`left out, since their bodies are secret: ${secret} frames`);
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

function frameIn(line: Line) {
  const bytes = bytesOf(line);
  const { time, direction, flow, node, connection } = line;
  if (bytes === undefined) return undefined;
  const micros = typeof time === 'string' ? Number(parseTime(time, 'time')) : 0;
  if (typeof flow === 'string') {
    const [client, server] = endsOf(flow);
    return { bytes, micros, client, server, isReply: direction === 'server' };
  }
  if (typeof node !== 'string') return undefined;
  const port = firstPort + (typeof connection === 'number' ? connection % 20_000 : 0);
  const client = { address: loopback, port };
  const server = { address: loopback, port: endOf(node).port };
  return { bytes, micros, client, server, isReply: direction === 'in' };
}

const loopback = '127.0.0.1';
const firstPort = 40_000;

function parsed(text: string): Line {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Line) : {};
  } catch {
    return {};
  }
}

/** All bytes of a frame. */
function bytesOf({ bytes_hex: all, header_hex: head, body_hex: body }: Line) {
  try {
    if (typeof all === 'string') return fromHex(all);
    if (typeof head !== 'string' || typeof body !== 'string') return undefined;
    return concatBytes([fromHex(head), fromHex(body)]);
  } catch {
    return undefined;
  }
}
