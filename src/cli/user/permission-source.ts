import type { IggyClient } from '../../client/index.js';
import type { Permissions } from '../../wire/index.js';
import { usageError } from '../cli-error.js';
import { readTextIfPresent } from '../config/private-file.js';
import { streamNotFound, topicNotFound } from '../not-found.js';
import type { Identifier } from '../values.js';
import { globalRights, parseGrants, streamRights, topicRights } from './permission-grammar.js';

/** Flags that say permissions. */
export interface PermissionFlags {
  readonly global?: readonly string[] | undefined;
  readonly stream?: readonly string[] | undefined;
  readonly file?: string | undefined;
}

/** True when a flag says permissions. */
export function saysPermissions({ global, stream, file }: PermissionFlags): boolean {
  return global !== undefined || stream !== undefined || file !== undefined;
}

/**
 * The permissions that flags say, with the ids of the streams and topics that were named.
 *
 * @throws CliError E_USAGE for the grammar or the file, E_NOT_FOUND for a name without an id
 */
export async function permissionsOf(
  flags: PermissionFlags,
  client: () => Promise<IggyClient>,
): Promise<Permissions> {
  const { global = [], stream = [], file } = flags;
  if (file !== undefined) {
    if (global.length + stream.length === 0) return permissionsOfFile(file);
    throw usageError('--file holds everything: leave out --global and --stream');
  }
  const texts = parseGrants(global, stream);
  const streams = [];
  for (const grant of texts.streams) {
    const stream_id = await streamId(grant.stream, client);
    const topics = [];
    for (const { topic, rights } of grant.topics) {
      const topic_id = await topicId({ stream: grant.stream, topic }, client);
      topics.push({ topic_id, permissions: topicRights(rights) });
    }
    streams.push({ stream_id, permissions: streamRights(grant.rights), topics });
  }
  return { global: globalRights(texts.global), streams };
}

/** The id of a stream; a number is one already. */
export async function streamId(
  stream: Identifier,
  client: () => Promise<IggyClient>,
): Promise<number> {
  if (typeof stream === 'number') return stream;
  const found = await (await client()).streams.get(stream);
  if (found === null) throw streamNotFound(stream);
  return found.id;
}

/** The id of a topic; a number is one already. */
export async function topicId(
  place: { readonly stream: Identifier; readonly topic: Identifier },
  client: () => Promise<IggyClient>,
): Promise<number> {
  const { stream, topic } = place;
  if (typeof topic === 'number') return topic;
  const found = await (await client()).topics.get(stream, topic);
  if (found === null) throw topicNotFound(stream, topic);
  return found.id;
}

/** Reads the form that `user permissions get --json` prints as `permissions`. */
function permissionsOfFile(path: string): Permissions {
  const text = readTextIfPresent(path);
  if (text === undefined) throw usageError(`--file: there is no file ${path}`);
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (error) {
    throw usageError(`--file: ${path} is not JSON: ${String(error)}`);
  }
  const whole = record(root, path);
  const inner = 'permissions' in whole ? record(whole['permissions'], path) : whole;
  return {
    global: globalRights(given(inner['global'] ?? {}, path)),
    streams: list(inner['streams'], path).map((stream) => ({
      stream_id: id(stream, 'stream_id', path),
      permissions: streamRights(given(stream, path)),
      topics: list(stream['topics'], path).map((topic) => ({
        topic_id: id(topic, 'topic_id', path),
        permissions: topicRights(given(topic, path)),
      })),
    })),
  };
}

type JsonObject = Readonly<Record<string, unknown>>;

function record(value: unknown, path: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw notPermissions(path);
}

function list(value: unknown, path: string): readonly JsonObject[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw notPermissions(path);
  return value.map((each) => record(each, path));
}

function id(value: JsonObject, key: string, path: string): number {
  const found = value[key];
  if (typeof found === 'number' && Number.isInteger(found) && found >= 0) return found;
  throw notPermissions(path);
}

/** Names of the fields that are true. */
function given(value: unknown, path: string): readonly string[] {
  return Object.entries(record(value, path)).flatMap(([name, has]) => (has === true ? [name] : []));
}

function notPermissions(path: string): Error {
  return usageError(
    `--file: ${path} does not hold permissions`,
    'take the form of iggyctl user permissions get USER --json',
  );
}
