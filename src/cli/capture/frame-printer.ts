import type { FrameView } from '../../decoder/index.js';
import type { ResultWriter } from '../output/result-writer.js';
import { StreamTable } from '../output/stream-table.js';
import { frameColumns, frameObject, frameRow } from './frame-line.js';

export interface FramePrinterOptions {
  readonly out: ResultWriter;
  readonly kind: string;
  readonly showSecrets: boolean;
  /** Bodies in JSON. */
  readonly withBody: boolean;
  /** One line per request and reply together, when the reply is there. */
  readonly pair: boolean;
}

/** Prints frames as they come: a row each, or an object each. */
export class FramePrinter {
  readonly #options: FramePrinterOptions;
  readonly #table: StreamTable;
  readonly #connections = new Map<string, number>();

  constructor(options: FramePrinterOptions) {
    this.#options = options;
    const { style, width, noHeader } = options.out.options;
    this.#table = new StreamTable(frameColumns, { style, width, noHeader });
  }

  /** Connections seen so far. */
  get connections(): number {
    return this.#connections.size;
  }

  frame(view: FrameView): void {
    const { out, kind, showSecrets, withBody, pair } = this.#options;
    const connection = this.#numberOf(view.source.flow ?? '');
    // The reply names the request's command and its own latency.
    if (pair && view.direction !== 'server') return;
    if (out.options.quiet) return;
    if (!out.isJson) {
      out.raw(this.#table.row(frameRow(view, connection)));
      return;
    }
    const { time, direction, ...rest } = frameObject(view, { showSecrets, withBody });
    const latency = view.pair?.latencyMicros ?? null;
    const value = { time, connection, direction, ...rest, latency_us: latency };
    out.event(kind, value as never, '');
  }

  note(text: string): void {
    const { out } = this.#options;
    if (out.isJson) process.stderr.write(`warning: ${text}\n`);
    else out.raw(this.#table.note(text, 'warn'));
  }

  #numberOf(flow: string): number {
    const known = this.#connections.get(flow);
    if (known !== undefined) return known;
    this.#connections.set(flow, this.#connections.size + 1);
    return this.#connections.size;
  }
}
