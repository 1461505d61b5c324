import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { isIggyctlError } from '../../base/index.js';
import {
  type RecordingReplay,
  type ReplayedChapter,
  type ReplayedInput,
  replayRecording,
} from '../../simulator/index.js';
import { version } from '../../version.js';
import { isRecording } from '../../wire/index.js';
import { CliError } from '../cli-error.js';
import { ioError } from '../config/private-file.js';
import { inputLine } from './recorded-input.js';
import { withTraps } from './traps.js';

/** Whether a source of `simulate replay` is a recording of a cluster, by its first bytes. */
export function isRecordingFile(path: string): boolean {
  const start = new Uint8Array(8);
  try {
    const file = openSync(path, 'r');
    try {
      readSync(file, start, 0, start.length, 0);
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
  return isRecording(start);
}

/** What is shown of a recording. */
export interface RecordingOptions {
  /** Inputs of each life after this one are left out. */
  readonly until?: number;
  /** Inputs of each life from this one on are listed, without ticks and frames if `short`. */
  readonly from: number;
  readonly log?: 'short' | 'full';
  /** Takes the list line by line: of a long recording it is longer than what memory should hold. */
  readonly write: (line: string) => void;
}

/** A recording that was replayed. */
export interface ReplayedFile {
  readonly replay: RecordingReplay;
  readonly bytes: number;
}

/** Feeds a recording to the core again. @throws CliError E_IO, E_DAMAGED, E_UNSUPPORTED */
export function replayedFile(path: string, options: RecordingOptions): ReplayedFile {
  const file = fileAt(path);
  const { until, from, log, write } = options;
  const onInput = (input: ReplayedInput) => {
    const isFrequent = input.input.kind === 'tick' || input.input.kind === 'frame';
    if (input.number >= from && (log === 'full' || !isFrequent)) write(inputLine(input));
  };
  try {
    const replay = withTraps(() =>
      replayRecording(file, {
        ...(until !== undefined && { until }),
        ...(log !== undefined && { onInput }),
      }),
    );
    checkWhole(path, replay);
    return { replay, bytes: file.length };
  } catch (error) {
    throw recordingError(path, error);
  }
}

/** What a recording came to, for people. */
export function replayText({ replay }: ReplayedFile): string {
  const { chapters, inputs, digests } = replay;
  const wide = Math.max(...chapters.map(({ group }) => group.length));
  const diverged = chapters.filter(({ result }) => result === 'diverged');
  const whole = chapters.filter(isReplayed).length;
  return [
    ...chapters.map((chapter) => chapterLine(chapter, wide)),
    ...notesOn(replay),
    diverged.length === 0
      ? `identical: ${inputs} inputs in ${whole} lives of replicas, ${digests} digests`
      : `different: ${diverged.length} of ${whole} lives of replicas`,
  ].join('\n');
}

/** The same for programs. */
export function replayFields({ replay, bytes }: ReplayedFile) {
  const { chapters, inputs, digests, program, isOverwritten, isTorn } = replay;
  return {
    identical: chapters.every(({ result }) => result !== 'diverged'),
    ...{ inputs, digests, bytes, program, overwritten: isOverwritten, torn: isTorn },
    lives: chapters.map(({ isComplete, divergence, ...rest }) => ({
      ...rest,
      complete: isComplete,
      ...(divergence !== undefined && {
        input: divergence.input,
        since: divergence.since,
        differs: divergence.what,
      }),
    })),
  };
}

function chapterLine(chapter: ReplayedChapter, wide: number): string {
  const { node, group, result, inputs, digests, state = '', divergence, reason } = chapter;
  const head = `r${node < 0 ? '?' : node} ${group.padEnd(wide)} ${result.padEnd(10)}`;
  const counts = `${String(inputs).padStart(8)} inputs ${String(digests).padStart(5)} digests`;
  if (divergence !== undefined && result === 'diverged') {
    const { input, since, what } = divergence;
    return `${head} ${counts}  between inputs ${since + 1} and ${input}: ${what.join(', ')}`;
  }
  if (result === 'beheaded') return `${head} ${counts}  its beginning was overwritten`;
  return `${head} ${counts}  ${reason ?? state}`;
}

function notesOn({ isOverwritten, isTorn, program, chapters }: RecordingReplay): readonly string[] {
  const own = `iggyctl/${version}`;
  const isOther = program !== own && chapters.some(({ result }) => result === 'diverged');
  return [
    ...(isTorn ? ['the last write was cut off; the recording ends before it'] : []),
    ...(isOverwritten
      ? ['the oldest records were overwritten; a larger --record-limit keeps them']
      : []),
    ...(isOther ? [`recorded by ${program}, replayed by ${own}: its core may be another`] : []),
  ];
}

function isReplayed({ result }: ReplayedChapter): boolean {
  return result !== 'beheaded' && result !== 'unrecorded';
}

function checkWhole(path: string, { chapters }: RecordingReplay): void {
  if (chapters.some(isReplayed)) return;
  if (chapters.length === 0) {
    throw new CliError('E_DAMAGED', `${path} holds no record yet`, {
      hint: 'it is written while the cluster runs; stop the cluster, or wait a moment',
    });
  }
  throw new CliError(
    'E_DAMAGED',
    `nothing in ${path} can be replayed: the beginning of every replica's life was overwritten`,
    { hint: 'record again with a larger --record-limit, such as 512MiB' },
  );
}

function fileAt(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw ioError('read', path, error);
  }
}

function recordingError(path: string, error: unknown): unknown {
  if (error instanceof CliError || !isIggyctlError(error)) return error;
  const { code, message } = error;
  if (code === 'RECORDING_NEWER') {
    return new CliError('E_UNSUPPORTED', `${path}: ${message}`, {
      hint: 'replay it with the version of iggyctl that wrote it, or a later one',
      cause: error,
    });
  }
  if (code === 'RECORDING_OLDER') {
    return new CliError('E_UNSUPPORTED', `${path}: ${message}`, {
      hint: 'replay it with the version of iggyctl that wrote it, or record anew',
      cause: error,
    });
  }
  if (code !== 'RECORDING_DAMAGED' && code !== 'RECORDING_FOREIGN') return error;
  return new CliError('E_DAMAGED', `${path}: ${message}`, {
    hint: 'copy it again from where it was recorded, once the cluster has stopped, or record anew',
    cause: error,
  });
}
