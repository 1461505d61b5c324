import { tryGetU64Number } from '../../base/index.js';
import { decodeOffsetFile, decodePartitionMark } from '../../wire/index.js';
import type { DataFile } from './data-files.js';
import { problemText, warningsOf } from './entry-view.js';
import { readIndex } from './inspect-index.js';
import { opOf } from './journal-entries.js';
import type { EntryItem, JournalItem } from './journal-items.js';
import { OpenedFile } from './opened-file.js';
import { readSnapshot } from './read-snapshot.js';
import { readSlot } from './superblock-slots.js';
import { JournalWalk } from './walk-journal.js';
import { startOffsetOf, walkSegment } from './walk-segment.js';

/** What was found of one file. `torn`: an unfinished write at the end, which recovery cuts away. */
export interface FileCheck {
  readonly verdict: 'ok' | 'unsealed' | 'torn' | 'damaged';
  readonly detail: string;
  /** Where the first problem is. */
  readonly offset?: number;
  /** The log entry it concerns, or the last good one before it. */
  readonly op?: number;
}

/** Checks one file as far as its format allows; nothing for files without a known format. */
export function checkFile({ path, kind, size }: DataFile): FileCheck | undefined {
  switch (kind) {
    case 'journal':
      return checkJournal(path);
    case 'superblock':
      return checkSuperblock(path);
    case 'snapshot':
      return checkSnapshot(path);
    case 'segment':
      return checkSegment(path);
    case 'index':
      return checkIndex(path);
    case 'offset':
      return checkOffset(path);
    case 'purge':
      return checkPurge(path);
    case 'joining':
      return size === 0 ? ok('the node was wiped and has not rejoined') : undefined;
    case 'temporary':
      return { verdict: 'torn', detail: 'left by an unfinished write; ignored at start' };
    case 'other':
      return undefined;
  }
}

const ok = (detail: string): FileCheck => ({ verdict: 'ok', detail });

function checkJournal(path: string): FileCheck {
  return OpenedFile.with(path, (file) => {
    const findings = new JournalFindings();
    for (const item of new JournalWalk(file).items()) findings.add(item);
    return findings.check;
  });
}

/** Gathers what is said of a journal into one verdict. */
class JournalFindings {
  #entries = 0;
  #unsealed = 0;
  #last = 0;
  #torn: FileCheck | undefined;
  #damaged: FileCheck | undefined;

  add(item: JournalItem): void {
    if (item.kind === 'entry') this.#entry(item);
    else if (item.kind === 'damage') {
      const detail = `${problemText(item)}, after op ${this.#last}`;
      this.#damaged ??= { verdict: 'damaged', detail, offset: item.offset };
    } else if (item.kind === 'cut') {
      const detail = problemText(item);
      this.#torn = { verdict: 'torn', detail, offset: item.offset, op: this.#last };
    }
  }

  get check(): FileCheck {
    if (this.#damaged !== undefined) return { op: this.#last, ...this.#damaged };
    if (this.#torn !== undefined) return this.#torn;
    const detail = `${this.#entries} entries${this.#entries === 0 ? '' : ` up to op ${this.#last}`}`;
    if (this.#unsealed === 0) return ok(detail);
    return { verdict: 'unsealed', detail: `${detail}, ${this.#unsealed} without a checksum` };
  }

  #entry(item: EntryItem): void {
    const op = opOf(item.bytes);
    const first = warningsOf(item).find((text) => text.includes('checksum'));
    if (first === undefined) {
      this.#entries += 1;
      this.#last = op;
      if (item.frame === 'unsealed' || item.body === 'unsealed') this.#unsealed += 1;
      return;
    }
    // More exact than what the checksum of the whole batch tells.
    if (this.#damaged?.op !== undefined) return;
    const detail = `op ${op}: ${first}`;
    this.#damaged = { verdict: 'damaged', detail, offset: item.offset, op };
  }
}

function checkSuperblock(path: string): FileCheck {
  const { slot, problem } = readSlot(path);
  if (slot === undefined) {
    return { verdict: 'damaged', detail: problem ?? 'unreadable', offset: 0 };
  }
  const { view, commitMax } = slot.record;
  return ok(`sequence ${slot.sequence}, view ${view}, commit ${commitMax}`);
}

function checkSnapshot(path: string): FileCheck {
  const { content, problem, trailer } = readSnapshot(path);
  const op = content === undefined ? undefined : Number(content.sequence_number);
  if (problem !== undefined) {
    return { verdict: 'damaged', detail: problem, offset: 0, ...(op === undefined ? {} : { op }) };
  }
  const detail = `op ${op}`;
  return trailer === 'none' ? { verdict: 'unsealed', detail: `${detail}, no trailer` } : ok(detail);
}

function checkSegment(path: string): FileCheck {
  return OpenedFile.with(path, (file) => {
    let [batches, messages, next] = [0, 0, startOffsetOf(path) ?? 0];
    let torn: FileCheck | undefined;
    for (const item of walkSegment(file, startOffsetOf(path))) {
      if (item.kind === 'batch') {
        if (item.problem !== undefined) {
          const detail = `batch at offset ${next}: ${item.problem}`;
          return { verdict: 'damaged', detail, offset: item.offset };
        }
        batches += 1;
        messages += item.header.messageCount;
        next = item.header.baseOffset + item.header.messageCount;
      } else if (item.kind === 'damage') {
        const detail = `${problemText(item)}, before offset ${next}`;
        return { verdict: 'damaged', detail, offset: item.offset };
      } else if (item.kind === 'cut') {
        torn = { verdict: 'torn', detail: problemText(item), offset: item.offset };
      }
    }
    return torn ?? ok(`${batches} batches, ${messages} messages, next offset ${next}`);
  });
}

function checkIndex(path: string): FileCheck {
  let entries = 0;
  let bad: FileCheck | undefined;
  const cut = readIndex(path, ({ number, at, warnings }) => {
    entries += 1;
    const [first] = warnings;
    if (first !== undefined) {
      bad ??= { verdict: 'damaged', detail: `entry ${number}: ${first}`, offset: at };
    }
  });
  if (bad !== undefined) return bad;
  return cut > 0
    ? { verdict: 'torn', detail: `the last ${cut} bytes are no whole entry` }
    : ok(`${entries} entries`);
}

function checkOffset(path: string): FileCheck {
  const stored = decodeOffsetFile(OpenedFile.with(path, (file) => file.read(0, 64)));
  if (stored.kind === 'torn') return { verdict: 'torn', detail: 'too short; ignored at start' };
  if (stored.kind === 'damaged') {
    return { verdict: 'damaged', detail: 'the offset does not match its checksum', offset: 0 };
  }
  const detail = `offset ${stored.offset}`;
  return stored.hasChecksum ? ok(detail) : { verdict: 'unsealed', detail };
}

/** More than a mark with thousands of jumps takes. */
const markBytes = 1024 * 1024;

function checkPurge(path: string): FileCheck {
  const bytes = OpenedFile.with(path, (file) => file.read(0, markBytes));
  if (bytes.length < 16) return { verdict: 'torn', detail: 'too short; counts as generation 0' };
  if (bytes.length === 16 && tryGetU64Number(bytes, 0) < 0) {
    return { verdict: 'damaged', detail: 'no such generation', offset: 0 };
  }
  const mark = decodePartitionMark(bytes);
  if (typeof mark === 'string') {
    return { verdict: 'damaged', detail: 'it does not match its checksum', offset: 0 };
  }
  const { generation, extent } = mark;
  if (extent === undefined) return { verdict: 'unsealed', detail: `generation ${generation}` };
  return ok(`generation ${generation}, offsets ${extent.start} to ${extent.end} are synced`);
}
