import { compileFilter, type DecodeCounts, Decoder, type FrameView } from '../../decoder/index.js';
import { CliError } from '../cli-error.js';
import { nodeIo } from '../decode/node-io.js';
import { asCliError } from '../decode/run-decode.js';
import { isLinesName } from './capture-file.js';
import { packetsOfLines } from './ndjson-packets.js';

/** What of a capture is looked at. */
export interface CaptureChoice {
  readonly filter?: string | undefined;
  readonly ports?: readonly number[] | undefined;
  readonly signal: AbortSignal;
}

/** Told what a capture holds. */
export interface CaptureSink {
  frame(view: FrameView): void;
  note(text: string): void;
}

const idleMillis = 50;

/**
 * Reads a capture file, or one that comes through a pipe with `-`, and hands out its frames as soon as
 * they are complete. @throws CliError E_IO, E_USAGE, E_DAMAGED
 */
export async function readCapture(
  path: string,
  { filter, ports, signal }: CaptureChoice,
  sink: CaptureSink,
): Promise<DecodeCounts> {
  const io = nodeIo();
  const isLines = isLinesName(path);
  try {
    const decoder = new Decoder(
      {
        ...{
          form: isLines ? ('pcap' as const) : ('auto' as const),
          framing: 'auto' as const,
          layout: 'current' as const,
        },
        ...{ direction: undefined, ports: () => ports ?? [], verify: true, resync: true },
        ...{ pair: true, filter: filter === undefined ? undefined : compileFilter(filter) },
        ...{ skip: 0, limit: Number.POSITIVE_INFINITY, countOnly: false },
      },
      {
        frame: (view) => sink.frame(view),
        bad: ({ offset, length, reason }) => sink.note(`${length} bytes at ${offset}: ${reason}`),
        partial: ({ present }) => sink.note(`${present} bytes of a frame whose end is missing`),
        warn: (text) => sink.note(text),
      },
    );
    const input = decoder.open(path === '-' || isLines ? undefined : path);
    const timer = setInterval(() => input.idle(), idleMillis);
    try {
      const chunks = path === '-' ? untilStopped(io.stdin(), signal) : io.file(path, false);
      for await (const chunk of isLines ? packetsOfLines(chunks, path) : chunks) {
        if (signal.aborted) break;
        input.push(chunk);
      }
    } finally {
      clearInterval(timer);
    }
    input.end();
    return decoder.counts;
  } catch (error) {
    throw readable(error, path);
  } finally {
    io.dispose();
  }
}

/** A pipe that nothing comes through would be waited for. */
async function* untilStopped(
  chunks: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const stop = () => process.stdin.destroy();
  signal.addEventListener('abort', stop, { once: true });
  try {
    yield* chunks;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function readable(error: unknown, path: string): unknown {
  const known = asCliError(error);
  if (!(known instanceof CliError) || path === '-') return known;
  return known.message.includes(path)
    ? known
    : new CliError(known.code, `${path}: ${known.message}`, { cause: error });
}
