import { statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from '../cli-error.js';
import type { ExitClass } from '../exit-codes.js';
import type { ResultWriter } from '../output/result-writer.js';
import { StreamTable } from '../output/stream-table.js';
import {
  batchFields,
  batchLine,
  entryFields,
  entryRow,
  problemText,
  walColumns,
  warningsOf,
} from './entry-view.js';
import { opOf } from './journal-entries.js';
import type { BatchItem, EntryItem, JournalItem } from './journal-items.js';
import { isFile, isFolder, OpenedFile } from './opened-file.js';
import { JournalWalk } from './walk-journal.js';

/** What of a journal is shown, and where. */
export interface WalOptions {
  readonly op: number | undefined;
  readonly from: number;
  readonly to: number;
  readonly follow: boolean;
  /** Only problems and a summary. */
  readonly verify: boolean;
  /** Batch frames in JSON too. */
  readonly frames: boolean;
  readonly out: ResultWriter;
  readonly signal: AbortSignal;
  readonly color: string | undefined;
  readonly notice: (text: string) => void;
}

const pollMillis = 100;

/** Shows a journal file; gives what the exit status says. @throws CliError */
export async function inspectWal(path: string, options: WalOptions): Promise<ExitClass> {
  const file = OpenedFile.open(journalIn(path));
  try {
    const view = new WalView(file.path, options);
    if (options.op !== undefined) return await showEntry(file, options.op, options);
    const walk = new JournalWalk(file);
    for (const item of walk.items(options.follow)) view.show(item);
    if (options.follow) await follow(file, walk, view, options);
    view.finish(walk.layout);
    return view.outcome;
  } finally {
    file.close();
  }
}

/** A folder stands for the journal in it, that of a node for its metadata journal. */
function journalIn(path: string): string {
  if (!isFolder(path)) return path;
  const ofNode = join(path, 'metadata', 'journal.wal');
  return isFile(ofNode) ? ofNode : join(path, 'journal.wal');
}

async function follow(
  file: OpenedFile,
  walk: JournalWalk,
  view: WalView,
  { signal, notice }: WalOptions,
): Promise<void> {
  const started = statSync(file.path).ino;
  while (!signal.aborted) {
    await sleep(pollMillis, undefined, { signal }).catch(() => undefined);
    if (statSync(file.path, { throwIfNoEntry: false })?.ino !== started) {
      notice('the journal was replaced by a shorter one');
      return;
    }
    file.refresh();
    for (const item of walk.items(true)) view.show(item);
  }
}

/** The last entry with the op, since a later one replaces an earlier one. */
async function showEntry(file: OpenedFile, op: number, options: WalOptions): Promise<ExitClass> {
  let found: EntryItem | undefined;
  for (const item of new JournalWalk(file).items()) {
    if (item.kind === 'entry' && opOf(item.bytes) === op) found = item;
  }
  if (found === undefined) {
    throw new CliError('E_NOT_FOUND', `${file.path} has no entry with op ${op}`, {
      hint: `iggyctl inspect wal ${file.path}`,
    });
  }
  const { showFrames } = await import('../connect/dry-run.js');
  const { format } = options.out.options;
  if (found.isAnchor) options.notice('only the header of this op is kept: its body was drained');
  await showFrames([found.isAnchor ? bare(found.bytes) : found.bytes], {
    ...{ format, color: options.color },
  });
  return warningsOf(found).some((text) => text.includes('checksum')) ? 'malformed' : 'ok';
}

/** A header that stands alone still tells the size it had with its body. */
function bare(bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(48, copy.length, true);
  return copy;
}

class WalView {
  readonly #path: string;
  readonly #options: WalOptions;
  readonly #table: StreamTable;
  #entries = 0;
  #batches = 0;
  #unsealed = 0;
  #damaged = 0;
  #cut = 0;
  #first = -1;
  #last = -1;
  /** Line of the batch whose entries come next, until one of them is shown. */
  #heldBatch = '';

  constructor(path: string, options: WalOptions) {
    this.#path = path;
    this.#options = options;
    const { style, width, noHeader } = options.out.options;
    this.#table = new StreamTable(walColumns, { style, width, noHeader });
  }

  get outcome(): ExitClass {
    if (this.#damaged > 0) return 'malformed';
    return this.#cut > 0 ? 'incomplete' : 'ok';
  }

  show(item: JournalItem): void {
    switch (item.kind) {
      case 'entry':
        this.#entry(item);
        return;
      case 'batch':
        this.#batches += 1;
        if (this.#options.verify) return;
        if (!this.#isJson) this.#batch(item);
        else if (this.#options.frames) this.#event('batch', batchFields(this.#path, item));
        return;
      case 'damage':
      case 'cut':
        if (item.kind === 'damage') this.#damaged += 1;
        else this.#cut += 1;
        this.#problem(item);
    }
  }

  /** With a range of ops only those batches are shown that hold some of it. */
  #batch(item: BatchItem): void {
    const { from, to } = this.#options;
    const line = this.#table.note(batchLine(item), item.verdict === 'ok' ? 'dim' : 'bad');
    const isAll = from === 0 && to === Number.POSITIVE_INFINITY;
    this.#heldBatch = isAll || item.verdict !== 'ok' ? '' : line;
    if (this.#heldBatch === '') this.#print(line);
  }

  finish(layout: string): void {
    const { out, verify } = this.#options;
    if (!verify) {
      if (!this.#isJson && out.options.format === 'table') this.#print(this.#table.head());
      return;
    }
    const span = this.#first < 0 ? 'no ops' : `ops ${this.#first} to ${this.#last}`;
    const facts = [
      `${this.#entries} entries, ${span}`,
      ...(layout === 'framed' ? [`${this.#batches} batches`] : ['official layout']),
      `${this.#unsealed} unsealed`,
      `${this.#damaged} damaged, ${this.#cut} incomplete`,
    ];
    const fields = {
      ...{ layout, entries: this.#entries, batches: this.#batches, unsealed: this.#unsealed },
      ...{ first_op: Math.max(0, this.#first), last_op: Math.max(0, this.#last) },
      ...{ damaged: this.#damaged, incomplete: this.#cut },
    };
    const value = { file: this.#path, offset: 0n, length: 0, fields, checks: {}, warnings: [] };
    out.event('inspect.wal.summary', value, facts.join('; '));
  }

  #entry(item: EntryItem): void {
    const op = opOf(item.bytes);
    const isBad = item.frame === 'mismatch' || item.body === 'mismatch';
    // The batch's own checksum has counted it where there is one.
    if (isBad) this.#damaged += 1;
    if (item.frame === 'unsealed' || item.body === 'unsealed') this.#unsealed += 1;
    if (!item.isAnchor) {
      this.#entries += 1;
      if (this.#first < 0) this.#first = op;
      this.#last = op;
    }
    const { from, to, verify } = this.#options;
    const isWanted = op < 0 || (op >= from && op <= to);
    if (!isWanted || (verify && warningsOf(item).length === 0)) return;
    if (this.#isJson) {
      // An anchor is the header of an op that was drained: no entry.
      if (!item.isAnchor || this.#options.frames) {
        this.#event('entry', entryFields(this.#path, item));
      }
      return;
    }
    this.#print(this.#heldBatch);
    this.#heldBatch = '';
    this.#print(this.#table.row(entryRow(item)));
  }

  #problem(item: Extract<JournalItem, { kind: 'damage' | 'cut' }>): void {
    const text = problemText(item);
    if (this.#isJson) {
      process.stderr.write(`warning: ${text}\n`);
      return;
    }
    this.#print(this.#table.note(text, item.kind === 'cut' ? 'warn' : 'bad'));
  }

  #event(kind: string, fields: ReturnType<typeof entryFields>): void {
    this.#options.out.event(`inspect.wal.${kind}`, fields, '');
  }

  #print(text: string): void {
    if (!this.#options.out.options.quiet) this.#options.out.raw(text);
  }

  get #isJson(): boolean {
    return this.#options.out.isJson;
  }
}
