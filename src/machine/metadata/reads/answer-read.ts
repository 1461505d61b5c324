import type { ReadReply } from '../metadata-face.js';
import type { MetadataState } from '../state/metadata-state.js';
import { readAssignment, readGroup, readGroups } from './group-reads.js';
import { readOptionCatalogue } from './option-reads.js';
import type { ReadQuery } from './read-query.js';
import { readStream, readStreams, readTopic, readTopics } from './stream-reads.js';
import { readTokens, readUser, readUsers } from './user-reads.js';

type ReadHandler = (state: MetadataState, query: ReadQuery) => ReadReply;

const handlers: ReadonlyMap<number, ReadHandler> = new Map<number, ReadHandler>([
  [13, readOptionCatalogue],
  [31, readUser],
  [32, readUsers],
  [41, readTokens],
  [200, readStream],
  [201, readStreams],
  [300, readTopic],
  [301, readTopics],
  [600, readGroup],
  [601, readGroups],
  [606, readAssignment],
]);

/** The reply to a read of metadata, or nothing when the code is none. */
export function answerRead(state: MetadataState, query: ReadQuery): ReadReply | undefined {
  return handlers.get(query.code)?.(state, query);
}
