import { readRecording } from '../../wire/index.js';
import {
  type Chapter,
  chapterOf,
  type ReplayedChapter,
  type ReplayRecordingOptions,
} from './recorded-chapter.js';

/** What became of a whole recording. */
export interface RecordingReplay {
  /** Name and version of the program that wrote it. */
  readonly program: string;
  readonly isOverwritten: boolean;
  readonly isTorn: boolean;
  readonly chapters: readonly ReplayedChapter[];
  /** Inputs that were replayed. */
  readonly inputs: number;
  /** Digests that were compared. */
  readonly digests: number;
}

/**
 * Feeds a recording to the core again and compares.
 * @throws RECORDING_FOREIGN, RECORDING_NEWER, RECORDING_OLDER, RECORDING_DAMAGED
 */
export function replayRecording(
  file: Uint8Array,
  options: ReplayRecordingOptions = {},
): RecordingReplay {
  const { program, isOverwritten, isTorn, entries } = readRecording(file);
  const chapters = new Map<number, Chapter>();
  for (const entry of entries()) {
    const chapter = chapters.get(entry.chapter) ?? chapterOf(entry, options);
    chapters.set(entry.chapter, chapter);
    chapter.add(entry.input);
  }
  const results = [...chapters.values()].map((chapter) => chapter.result());
  return {
    ...{ program, isOverwritten, isTorn, chapters: results },
    inputs: sumOf(results, ({ state, inputs }) => (state === undefined ? 0 : inputs)),
    digests: sumOf(results, ({ digests }) => digests),
  };
}

function sumOf(
  chapters: readonly ReplayedChapter[],
  count: (chapter: ReplayedChapter) => number,
): number {
  return chapters.reduce((sum, chapter) => sum + count(chapter), 0);
}
