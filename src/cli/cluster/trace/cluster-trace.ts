import { closeSync, openSync, writeSync } from 'node:fs';
import type { Traffic, TrafficTap } from '../../../cluster/index.js';
import {
  Decoder,
  type DecoderInput,
  type DecoderOptions,
  type FrameView,
} from '../../../decoder/index.js';
import { JsonBytes } from '../../../render/index.js';
import { ioError } from '../../config/private-file.js';
import { captureLine } from './capture-line.js';
import { maskedFrame } from './mask-frame.js';
import { captureHeader, endsOf, PacketMaker } from './packets.js';

/** How often what was seen is written, milliseconds. */
const writeEvery = 200;

/** The trace of a cluster, if a file for it is named. @throws CliError E_IO */
export function openTrace(path: string | undefined): ClusterTrace | undefined {
  return path === undefined ? undefined : new ClusterTrace(path);
}

/**
 * Writes every frame between nodes and with clients to a file: a capture if its name ends in `.pcap`,
 * otherwise one JSON object a line, as `decode` prints it and with the bytes. Secrets are masked in both. Bytes that are
 * no frame are left out, since nobody knows what is in them.
 */
export class ClusterTrace {
  readonly #path: string;
  readonly #file: number;
  readonly #input: DecoderInput;
  readonly #asSeen = new PacketMaker();
  readonly #timer: NodeJS.Timeout;
  readonly #out: JsonBytes;
  /** Connections as they are written to a capture; undefined for JSON. */
  readonly #capture: PacketMaker | undefined;
  #failure: string | undefined;

  /** @throws CliError E_IO */
  constructor(path: string) {
    this.#path = path;
    try {
      this.#file = openSync(path, 'w', 0o600);
    } catch (error) {
      throw ioError('write', path, error);
    }
    this.#out = new JsonBytes((chunk) => this.#write(chunk));
    this.#capture = path.endsWith('.pcap') ? new PacketMaker() : undefined;
    if (this.#capture !== undefined) this.#out.raw(captureHeader());
    const decoder = new Decoder(decoderOptions, {
      frame: (view) => this.#frame(view),
      bad: () => undefined,
      partial: () => undefined,
      warn: () => undefined,
    });
    this.#input = decoder.open(undefined);
    this.#input.push(captureHeader());
    this.#timer = setInterval(() => this.flush(), writeEvery);
    this.#timer.unref();
  }

  /** What a cluster has to be started with. */
  get tap(): { readonly traffic: TrafficTap } {
    return { traffic: (traffic) => this.#add(traffic) };
  }

  #add({ kind, timeMicros, source, target, bytes }: Traffic): void {
    const maker = this.#asSeen;
    if (kind === 'open') this.#push(maker.open(timeMicros, source, target));
    else if (kind === 'close') this.#push([maker.close(timeMicros, source, target)]);
    else this.#push(maker.data(timeMicros, source, target, bytes));
  }

  #push(records: readonly Uint8Array[]): void {
    for (const record of records) this.#input.push(record);
  }

  /** Writes what was seen so far. */
  flush(): void {
    this.#input.idle();
    this.#out.flush();
  }

  /** Writes the rest; says so if not everything could be written. */
  close(): void {
    clearInterval(this.#timer);
    this.#input.end();
    this.#out.flush();
    closeSync(this.#file);
    if (this.#failure !== undefined) process.stderr.write(`warning: ${this.#failure}\n`);
  }

  #frame(view: FrameView): void {
    if (this.#capture === undefined) {
      this.#out.raw(captureLine(view, false));
      return;
    }
    const time = view.timeMicros ?? 0;
    const ends = endsOf(view.source.flow ?? '');
    const isReply = view.direction === 'server';
    for (const record of this.#capture.exchange(time, ends, isReply, maskedFrame(view))) {
      this.#out.raw(record);
    }
  }

  #write(chunk: Uint8Array): void {
    if (this.#failure !== undefined) return;
    try {
      writeSync(this.#file, chunk);
    } catch (error) {
      // The cluster goes on; whoever reads the trace is told at the end.
      this.#failure = ioError('write', this.#path, error).message;
    }
  }
}

const decoderOptions: DecoderOptions = {
  ...{ form: 'pcap', framing: 'auto', layout: 'current', direction: undefined },
  ...{ ports: () => [], verify: true, resync: true, pair: true, filter: undefined },
  ...{ skip: 0, limit: Number.POSITIVE_INFINITY, countOnly: false },
};
