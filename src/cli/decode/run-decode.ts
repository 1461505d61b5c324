import { encodeUtf8, isIggyctlError, once } from '../../base/index.js';
import { DecodeInputError, Decoder, type DecoderInput } from '../../decoder/index.js';
import { CliError } from '../cli-error.js';
import { exitCodes } from '../exit-codes.js';
import { errorJson, errorText, reportOf } from '../output/report-error.js';
import { wantsColor } from './color.js';
import { type DecodeIo, OutputClosed } from './io.js';
import { CapturePorts } from './ports.js';
import { DecodePrinter } from './printer.js';
import type { DecodeRequest, Source } from './request.js';

const idleMillis = 50;
const ended = Symbol('ended');
const idle = Symbol('idle');

/** Decodes everything that was asked for, and returns the exit status. Never throws. */
export async function runDecode(request: DecodeRequest, io: DecodeIo): Promise<number> {
  const printer = new DecodePrinter(request, io, wantsColor(request.color, io));
  const ports = new CapturePorts(request, io.env);
  const decoder = new Decoder({ ...request.decoder, ports: () => ports.wanted }, printer);
  const work = { request, io, printer, decoder, ports, waiter: once(() => new Waiter(io)) };
  try {
    for (const source of request.sources) {
      if (decoder.done) break;
      const signal = await decodeSource(source, work);
      if (signal !== undefined) {
        printer.flush();
        io.note(`${printer.summaryJson(decoder.counts)}\n`);
        return signal;
      }
    }
    printer.finish(decoder.counts);
    return exitStatus(decoder, request);
  } catch (error) {
    return failed(error, work);
  }
}

interface Work {
  readonly request: DecodeRequest;
  readonly io: DecodeIo;
  readonly printer: DecodePrinter;
  readonly decoder: Decoder;
  readonly ports: CapturePorts;
  readonly waiter: () => Waiter;
}

/** Reads one source to its end; returns an exit status when the person interrupted. */
async function decodeSource(source: Source, work: Work): Promise<number | undefined> {
  const { decoder, printer, io, request } = work;
  const input = decoder.open(source.kind === 'file' ? source.path : undefined);
  if (source.kind === 'text') {
    const bytes = encodeUtf8(source.text);
    await work.ports.prepare(bytes);
    input.push(bytes);
    input.end();
    return undefined;
  }
  const chunks = source.kind === 'stdin' ? io.stdin() : io.file(source.path, request.follow);
  const iterator = chunks[Symbol.asyncIterator]();
  try {
    const signal = await pump(iterator, input, work);
    if (signal !== undefined) return signal;
  } finally {
    void iterator.return?.();
  }
  if (!decoder.done) input.end();
  printer.flush();
  return undefined;
}

async function pump(
  iterator: AsyncIterator<Uint8Array>,
  input: DecoderInput,
  work: Work,
): Promise<number | undefined> {
  const { decoder, printer } = work;
  const waiter = work.waiter();
  let next = nextChunk(iterator);
  // Once a silence was noted there is nothing more to do until the next chunk.
  let isQuiet = false;
  for (;;) {
    const got = await waiter.first(next, isQuiet ? undefined : idleMillis);
    if (typeof got === 'number') return got;
    if (got === ended) return undefined;
    isQuiet = got === idle;
    if (got === idle) input.idle();
    else {
      await work.ports.prepare(got);
      input.push(got);
      next = nextChunk(iterator);
    }
    printer.flush();
    if (decoder.done) return undefined;
  }
}

async function nextChunk(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array | typeof ended> {
  const result = await iterator.next();
  return result.done === true ? ended : result.value;
}

type Happening = Uint8Array | typeof ended | typeof idle | number;

/**
 * Waits for the next chunk, a moment of silence, or an interruption. Not `Promise.race`: a promise
 * that never settles would keep the outcome of every race it took part in, hence every chunk.
 */
class Waiter {
  #status: number | undefined;
  #wake: ((happening: Happening) => void) | undefined;

  constructor(io: Pick<DecodeIo, 'interrupted'>) {
    void io.interrupted().then((status) => {
      this.#status = status;
      this.#wake?.(status);
    });
  }

  /** What comes first; `idle` only when `millis` are given. */
  first(next: Promise<Uint8Array | typeof ended>, millis?: number): Promise<Happening> {
    if (this.#status !== undefined) return Promise.resolve(this.#status);
    return new Promise((resolve, reject) => {
      const timer = millis === undefined ? undefined : setTimeout(() => settle(idle), millis);
      const settle = (happening: Happening): void => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve(happening);
      };
      this.#wake = settle;
      next.then(settle, (error: unknown) => {
        clearTimeout(timer);
        reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
  }
}

function exitStatus({ counts }: Decoder, request: DecodeRequest): number {
  if (counts.malformed > 0) return exitCodes.malformed;
  if (counts.partialBytes > 0) return exitCodes.incomplete;
  return request.strict && counts.warnings > 0 ? exitCodes.failed : exitCodes.ok;
}

/** Reports what went wrong after everything that was decoded before. */
function failed(error: unknown, { request, io, printer, decoder }: Work): number {
  if (error instanceof OutputClosed) return exitCodes.ok;
  try {
    if (decoder.counts.frames > 0) printer.finish(decoder.counts);
    else printer.flush();
  } catch (cause) {
    if (cause instanceof OutputClosed) return exitCodes.ok;
  }
  return reportFailure(
    error,
    { json: request.format === 'json' || request.format === 'ndjson' },
    io,
  );
}

/** Prints an error the way every command does, and returns its exit status. */
export function reportFailure(
  error: unknown,
  options: { readonly json: boolean },
  io: Pick<DecodeIo, 'note'>,
): number {
  const report = reportOf(asCliError(error));
  io.note(options.json ? errorJson(report) : errorText(report));
  return report.exit_code;
}

/** Errors of the input are usage errors; a capture file that is damaged is malformed. */
export function asCliError(error: unknown): unknown {
  if (!isIggyctlError(error) || !(error instanceof DecodeInputError)) return error;
  const code = error.code === 'INPUT_CAPTURE' ? 'E_DAMAGED' : 'E_USAGE';
  return new CliError(code, error.message, { cause: error, details: error.details });
}
