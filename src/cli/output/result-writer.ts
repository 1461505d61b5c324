import { plainStyle, toNdjsonLine } from '../../render/index.js';
import { type FormatOptions, listText, objectText } from './formats.js';
import type { Fields, ListResult, ObjectResult } from './result.js';

/** The one way in which a command writes its result to standard output. */
export class ResultWriter {
  readonly options: FormatOptions;

  constructor(options: FormatOptions) {
    this.options = options;
  }

  /** True when the result is for a program: `json` or `ndjson`. */
  get isJson(): boolean {
    return this.options.format === 'json' || this.options.format === 'ndjson';
  }

  /** True when standard output is a terminal. */
  get isTerminal(): boolean {
    return this.options.width > 0;
  }

  /** Prints one object. */
  object(result: ObjectResult): void {
    this.raw(objectText(result, this.options));
  }

  /** Prints a list; an empty one is its header line, with a notice on a terminal. */
  list<T extends Fields>(list: ListResult<T>): void {
    this.raw(listText(list, this.options));
    if (list.items.length > 0 || list.empty === undefined) return;
    if (process.stderr.isTTY && !this.options.quiet) process.stderr.write(`${list.empty}\n`);
  }

  /** Prints one event of a stream: a line of NDJSON, or `text` for people. */
  event(kind: string, value: Fields, text: string): void {
    this.raw(this.eventLine(kind, value, text));
  }

  /** What `event` prints. */
  eventLine(kind: string, value: Fields, text: string): string {
    return this.isJson ? toNdjsonLine({ kind, v: 1, ...value }) : `${text}\n`;
  }

  /** The same choices for a file: nothing of the terminal's width and colours. */
  forFile(): ResultWriter {
    return new ResultWriter({ ...this.options, width: 0, style: plainStyle });
  }

  /** Prints text as it is. */
  raw(text: string | Uint8Array): void {
    if (text.length > 0) process.stdout.write(text);
  }
}
