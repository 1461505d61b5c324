import { commands } from '../../../wire/index.js';
import { code } from '../../codes.js';
import type { ApplyResult, LogEntry } from '../../log-entry.js';
import { ok, okWith, rejected } from '../../replies.js';
import { decodeRequest } from '../../requests.js';
import { passesGate } from '../access/gate.js';
import { accessRules } from '../access/rules.js';
import { streamTarget } from '../access/target.js';
import { streamRecordOf } from '../reads/records.js';
import type { MetadataState } from '../state/metadata-state.js';
import { idCeilings } from '../state/stream-table.js';
import { purgeTopicPartitions, removeTopicContents } from './topic-contents.js';

export function applyCreateStream(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeRequest(commands.create_stream, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  if (!passesGate(state, entry.userId, accessRules.createStream)) {
    return rejected(code.unauthorized);
  }
  if (state.streams.find(request.name) !== undefined) return rejected(code.streamNameTaken);
  if (state.streams.nextId >= idCeilings.streams) return rejected(code.tooManyStreams);
  const stream = state.streams.create(request.name, entry.timestamp);
  return okWith(commands.create_stream.response, streamRecordOf(stream));
}

export function applyUpdateStream(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeRequest(commands.update_stream, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  const stream = streamTarget(state, entry, request, accessRules.manageStream);
  if (typeof stream === 'number') return rejected(stream);
  const holder = state.streams.find(request.name);
  if (holder !== undefined && holder !== stream) return rejected(code.streamNameTaken);
  state.streams.rename(stream, request.name);
  return ok();
}

export function applyDeleteStream(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeRequest(commands.delete_stream, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  const stream = streamTarget(state, entry, request, accessRules.manageStream);
  if (typeof stream === 'number') return rejected(stream);
  for (const topic of stream.topics.values()) removeTopicContents(state, topic);
  state.streams.remove(stream);
  state.bumpRevision();
  return ok();
}

export function applyPurgeStream(state: MetadataState, entry: LogEntry): ApplyResult {
  const request = decodeRequest(commands.purge_stream, entry.body);
  if (request === undefined) return rejected(code.invalidCommand);
  const stream = streamTarget(state, entry, request, accessRules.manageStream);
  if (typeof stream === 'number') return rejected(stream);
  let purged = 0;
  for (const topic of stream.topics.values()) purged += purgeTopicPartitions(state, topic);
  if (purged > 0) state.bumpRevision();
  return ok();
}
