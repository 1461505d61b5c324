import { commands } from '../../../wire/index.js';
import { code } from '../../codes.js';
import { decodeRequest } from '../../requests.js';
import type { ReadReply } from '../metadata-face.js';
import { topicCatalogue } from '../options/topic-catalogue.js';
import type { MetadataState } from '../state/metadata-state.js';
import type { ReadQuery } from './read-query.js';
import { found, refused } from './read-reply.js';

const topicScope = 1;

/** The options a topic can have; streams and users have none. */
export function readOptionCatalogue(_state: MetadataState, query: ReadQuery): ReadReply {
  const request = decodeRequest(commands.describe_options, query.body);
  if (request === undefined) return refused(code.invalidCommand);
  const known = request.scope === topicScope ? topicCatalogue : [];
  return found(commands.describe_options.response, {
    entries: known.map(({ key, kind, fallback, description }) => ({
      key,
      kind,
      default: fallback,
      description,
    })),
  });
}
