import { encodeUtf8 } from '../../base/index.js';
import {
  type BadRange,
  type DecodeCounts,
  type DecoderSink,
  describeFrame,
  type FrameView,
  maskedRanges,
  type PartialView,
} from '../../decoder/index.js';
import {
  framePlainLine,
  frameText,
  JsonBytes,
  styleFor,
  toJson,
  writeFrameJson,
} from '../../render/index.js';
import { errorJson, errorText } from '../output/report-error.js';
import type { DecodeIo } from './io.js';
import type { DecodeRequest } from './request.js';

const mostNotes = 100;
const noRanges = [] as const;

/** Prints what a decoder finds, in the format that was asked for. */
export class DecodePrinter implements DecoderSink {
  readonly #request: DecodeRequest;
  readonly #io: DecodeIo;
  readonly #out: JsonBytes;
  readonly #color: boolean;
  readonly #fieldSet: ReadonlySet<string> | undefined;
  /** The JSON of a first frame on a terminal: laid out over lines if it stays the only one. */
  #held: Uint8Array[] | undefined;
  #printed = 0;
  #notes = 0;
  #partials: PartialView[] = [];
  #partialJson: unknown = null;

  constructor(request: DecodeRequest, io: DecodeIo, color: boolean) {
    this.#request = request;
    this.#io = io;
    this.#color = color;
    this.#fieldSet = request.fields === undefined ? undefined : new Set(request.fields);
    this.#out = new JsonBytes((chunk) => io.write(chunk));
  }

  frame(view: FrameView): void {
    const { format, quiet } = this.#request;
    if (quiet) return;
    if (format === 'json' || format === 'ndjson') this.#frameJson(view);
    else if (format === 'plain') {
      const { showSecrets, fields } = this.#request;
      this.#text(framePlainLine(view, describeFrame(view), { showSecrets, fields }));
    } else this.#frameText(view);
    this.#printed += 1;
  }

  bad(range: BadRange): void {
    const where = [range.file, range.flow].filter((part) => part !== undefined).join(' ');
    const prefix = where === '' ? '' : `${where}: `;
    const text = `${prefix}${range.length} bytes at offset ${range.offset}: ${range.reason}`;
    if (this.#request.format === 'table' && !this.#request.quiet) {
      this.#gap();
      this.#text(`${styleFor(this.#color)('bad', 'malformed:')} ${text}\n`);
      this.#printed += 1;
      return;
    }
    this.#notes += 1;
    if (this.#notes > mostNotes) return;
    const report = {
      ...{ name: 'E_MALFORMED', code: null, exit_code: 10, message: text, causes: [] },
      ...{ hint: null, server: null, request: null, retryable: false },
    };
    this.#io.note(this.#isJson ? errorJson(report) : errorText(report));
  }

  partial(partial: PartialView): void {
    this.#partials.push(partial);
    if (partial.view !== undefined) this.#partialFrame(partial.view);
    if (this.#request.quiet || this.#request.format !== 'table') return;
    if (partial.view !== undefined && partial.missing.length <= 1) return;
    this.#gap();
    this.#text(`${styleFor(this.#color)('warn', 'incomplete:')} ${partialText(partial)}\n`);
    this.#printed += 1;
  }

  warn(message: string): void {
    this.#notes += 1;
    if (this.#notes <= mostNotes) this.#io.note(`warning: ${message}\n`);
  }

  /** Hands what was printed so far to standard output. */
  flush(): void {
    this.#out.flush();
  }

  /** The last line. */
  finish(counts: DecodeCounts): void {
    this.#releaseHeld(counts);
    if (this.#isJson) {
      const only = counts.frames === 1 && this.#printed === 1;
      const isWhole = counts.partialBytes === 0 && this.#notes === 0;
      if (this.#request.quiet || !only || !isWhole) this.#text(`${this.summaryJson(counts)}\n`);
    } else if (this.#request.quiet) this.#text(countsText(counts));
    else if (this.#request.format === 'plain') {
      for (const partial of this.#partials) this.#io.note(`incomplete: ${partialText(partial)}\n`);
    }
    this.#out.flush();
  }

  /** The closing object of a stream of frames. */
  summaryJson(counts: DecodeCounts): string {
    const { frames, bytes, malformed, partialBytes, warnings } = counts;
    const missing = this.#partials.flatMap((partial) => partial.missing);
    return toJson({
      ...{ kind: 'decode.summary', v: 1, frames, bytes, malformed, partial_bytes: partialBytes },
      missing_bytes: missing.length === 0 ? 0 : Math.min(...missing.map((each) => each.bytes)),
      partial: this.#partialJson,
      warnings,
    });
  }

  get #isJson(): boolean {
    return this.#request.format === 'json' || this.#request.format === 'ndjson';
  }

  #text(text: string): void {
    this.#out.raw(encodeUtf8(text));
  }

  #masked(view: FrameView) {
    return this.#request.showSecrets ? noRanges : maskedRanges(view);
  }

  #frameText(view: FrameView): void {
    const { annotate, showSecrets, only } = this.#request;
    this.#gap();
    const options = {
      ...{ annotate, showSecrets, only, fields: this.#fieldSet, masked: this.#masked(view) },
      ...{ style: styleFor(this.#color), color: this.#color, width: this.#io.columns },
      numbered: view.index > 0 || view.offset > 0,
    };
    this.#text(frameText(view, describeFrame(view), options));
  }

  /** One empty line between frames. */
  #gap(): void {
    if (this.#printed > 0) this.#text('\n');
  }

  #frameJson(view: FrameView): void {
    const pretty = this.#request.format === 'json' && this.#io.columns > 0;
    if (pretty && this.#printed === 0) {
      this.#held = [];
      this.#json(view, (chunk) => this.#held?.push(chunk.slice()));
      return;
    }
    this.#releaseHeld(undefined);
    this.#writeJson(this.#out, view);
    this.#out.byte(0x0a);
  }

  #json(view: FrameView, out: (chunk: Uint8Array) => void): void {
    const json = new JsonBytes(out);
    this.#writeJson(json, view);
    json.flush();
  }

  #writeJson(out: JsonBytes, view: FrameView): void {
    const { showSecrets, only } = this.#request;
    const masked = this.#masked(view);
    writeFrameJson(out, view, { masked, showSecrets, only, fields: this.#fieldSet });
  }

  /** A frame that is not the only one after all becomes a line like the others. */
  #releaseHeld(counts: DecodeCounts | undefined): void {
    if (this.#held === undefined) return;
    const text = this.#held.map((chunk) => new TextDecoder().decode(chunk)).join('');
    this.#held = undefined;
    const isOnly = counts !== undefined && counts.frames === 1 && counts.partialBytes === 0;
    const value: unknown = isOnly ? JSON.parse(text) : undefined;
    this.#text(isOnly ? `${JSON.stringify(value, null, 2)}\n` : `${text}\n`);
  }

  #partialFrame(view: FrameView): void {
    const { format, quiet } = this.#request;
    if (format === 'table' && !quiet) {
      this.#frameText(view);
      this.#printed += 1;
      return;
    }
    const chunks: Uint8Array[] = [];
    this.#json(view, (chunk) => chunks.push(chunk.slice()));
    this.#partialJson = JSON.parse(chunks.map((each) => new TextDecoder().decode(each)).join(''));
  }
}

function partialText({ present, missing }: PartialView): string {
  const [first, ...others] = missing;
  const there = `the input ends inside a frame: ${present} bytes are there`;
  if (first === undefined) return there;
  const rest = others.map((each) => `, or ${each.bytes} as ${each.framing}`).join('');
  return `${there}, at least ${first.bytes} bytes missing as ${first.framing}${rest}`;
}

function countsText(counts: DecodeCounts): string {
  const kinds = [...counts.kinds.values()].sort((a, b) => b.count - a.count);
  const cells = [
    ['Command', 'Operation', 'Count', 'Bytes'],
    ...kinds.map((kind) => [
      ...[kind.command, kind.operation ?? ''],
      ...[String(kind.count), String(kind.bytes)],
    ]),
  ];
  const widths = [0, 1, 2, 3].map((at) => Math.max(...cells.map((row) => row[at]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((text, at) => (at < 2 ? text.padEnd(widths[at] ?? 0) : text.padStart(widths[at] ?? 0)))
      .join('  '),
  );
  const { frames, bytes, malformed, partialBytes } = counts;
  const total =
    `${frames} frames, ${bytes} bytes, ${malformed} malformed, ` +
    `${partialBytes} bytes of an unfinished frame`;
  return `${[...(kinds.length === 0 ? [] : lines), total].join('\n')}\n`;
}
