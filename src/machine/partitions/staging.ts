import { concatBytes } from '../../base/index.js';
import { xxh3, xxh3Parts } from '../../wire/index.js';
import type { AnsweredEffect } from './effect-queue.js';
import { artifactKind } from './offer.js';
import { logFile, stagingSuffix } from './partition-files.js';
import type { PartitionState } from './partition-state.js';
import type { PartitionStore } from './partition-store.js';

/** One file of an offer that is being received. */
export interface IncomingFile {
  readonly kind: number;
  readonly frontier: number;
  readonly length: number;
  /** XXH3-64 of the bytes. */
  readonly checksum: bigint;
}

/** A received segment: where its bytes are, and where they belong. */
interface StagedSegment {
  readonly staged: string;
  readonly file: string;
}

/** What was received, to be put in place. */
export interface StagedFiles {
  readonly segments: readonly StagedSegment[];
  /** The table of stored offsets. */
  readonly offsets: Uint8Array;
}

const windowBytes = 4 * 1024 * 1024;

/**
 * The files of another replica while they arrive: segments go to disk piece by piece, so that their
 * size is no matter of memory; the table of offsets is small and waits here.
 */
export class Staging {
  readonly #state: PartitionState;
  #incoming: readonly IncomingFile[] = [];
  #offsets: Uint8Array[] = [];
  /** Begins every name: none is used twice, because an earlier file of that name may still be going. */
  #session: number;

  constructor(state: PartitionState) {
    this.#state = state;
    const left = this.#store.list('').filter((name) => name.endsWith(stagingSuffix));
    this.#session = Math.max(0, ...left.map((name) => Number.parseInt(name, 10) || 0));
  }

  begin(incoming: readonly IncomingFile[]): void {
    this.abandon();
    this.#session += 1;
    this.#incoming = incoming;
  }

  add(index: number, bytes: Uint8Array): boolean {
    const { kind } = this.#incoming[index] ?? {};
    if (kind === undefined) return false;
    if (kind !== artifactKind.segment) {
      this.#offsets.push(bytes);
      return true;
    }
    try {
      this.#store.append(this.#nameOf(index), [bytes]);
      return true;
    } catch {
      // No room: there may be some later, and the old files are as they were.
      return false;
    }
  }

  areIntact(): boolean {
    try {
      return this.#incoming.every((each, index) => this.#checksum(each, index) === each.checksum);
    } catch {
      return false;
    }
  }

  abandon(): void {
    for (const { staged: file } of this.#segments()) {
      if (this.#store.size(file) !== undefined) removeStaged(this.#state, file);
    }
    this.#incoming = [];
    this.#offsets = [];
  }

  /** Hands everything over; `undefined` when no table of offsets was received. */
  take(): StagedFiles | undefined {
    const segments = this.#segments();
    const hasTable = this.#incoming.some(({ kind }) => kind === artifactKind.offsets);
    const offsets = concatBytes(this.#offsets);
    if (!hasTable) return undefined;
    this.#incoming = [];
    this.#offsets = [];
    return { segments, offsets };
  }

  get #store(): PartitionStore {
    return this.#state.config.store;
  }

  #nameOf(index: number): string {
    return `${this.#session}-${index}${stagingSuffix}`;
  }

  #segments(): readonly StagedSegment[] {
    return this.#incoming.flatMap(({ kind, frontier }, index) =>
      kind === artifactKind.segment
        ? [{ staged: this.#nameOf(index), file: logFile(frontier) }]
        : [],
    );
  }

  #checksum({ kind, length }: IncomingFile, index: number): bigint {
    if (kind !== artifactKind.segment) return xxh3(concatBytes(this.#offsets));
    return xxh3Parts(windowsOf(this.#store, this.#nameOf(index), length));
  }
}

/** Removes a received file that is not wanted. */
export function removeStaged(state: PartitionState, file: string): void {
  state.effects.ask({ kind: 'remove', file }, () => undefined);
}

/** Makes received segments durable under the names they were received with. */
export function syncsOf({ segments }: StagedFiles): readonly AnsweredEffect[] {
  return segments.map(({ staged }): AnsweredEffect => ({ kind: 'sync', file: staged }));
}

/** Received segments as the segments they will be. */
export function stagedStore(store: PartitionStore, { segments }: StagedFiles): PartitionStore {
  const names = new Map(segments.map(({ file, staged }) => [file, staged]));
  const nameOf = (file: string) => names.get(file) ?? `absent${stagingSuffix}`;
  return {
    list: (directory) => (directory === '' ? [...names.keys()] : []),
    size: (file) => store.size(nameOf(file)),
    read: (file, offset, length) =>
      names.has(file) ? store.read(nameOf(file), offset, length) : new Uint8Array(),
    append: () => undefined,
  };
}

function* windowsOf(
  store: PartitionStore,
  file: string,
  length: number,
): IterableIterator<Uint8Array> {
  for (let at = 0; at < length; at += windowBytes) {
    yield store.read(file, at, Math.min(windowBytes, length - at));
  }
}
