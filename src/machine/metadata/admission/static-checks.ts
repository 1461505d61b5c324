import { type CommandSpec, commands, Operation, type Option } from '../../../wire/index.js';
import { code } from '../../codes.js';
import { decodeRequest } from '../../requests.js';
import { checkTopicUpdate, resolveTopicOptions } from '../options/resolve-topic-options.js';
import { topicOptionLimits } from '../options/topic-catalogue.js';
import type { MetadataState } from '../state/metadata-state.js';

/** Partitions of one request. @source Iggy server, partition limits */
export const partitionsPerRequest = 1_000;

/** 0, or the status a request is refused with before it is replicated. */
type StaticCheck = (state: MetadataState, body: Uint8Array) => number;

/**
 * What is wrong with a request as a client sends it, before anybody looks at rights: it does not
 * decode, breaks a bound, or has an option that does not exist. Limits that are policies of the
 * receiving node belong here, because applying an entry must not depend on them.
 */
export function checkClientRequest(
  state: MetadataState,
  operationByte: number,
  body: Uint8Array,
): number {
  return checks.get(operationByte)?.(state, body) ?? code.invalidCommand;
}

function mustDecode<R>(command: Pick<CommandSpec<R>, 'request' | 'trailing'>): StaticCheck {
  return (_state, body) =>
    decodeRequest(command, body) === undefined ? code.invalidCommand : code.ok;
}

/** Streams and users have an empty catalogue: any option is one too many. */
function noOptions<R extends { readonly options: readonly Option[] }>(
  command: Pick<CommandSpec<R>, 'request' | 'trailing'>,
): StaticCheck {
  return (_state, body) => {
    const request = decodeRequest(command, body);
    if (request === undefined) return code.invalidCommand;
    return request.options.length > 0 ? code.unsupportedOptionKey : code.ok;
  };
}

function countedPartitions<R extends { readonly partitions_count: number }>(
  command: Pick<CommandSpec<R>, 'request' | 'trailing'>,
): StaticCheck {
  return (_state, body) => {
    const request = decodeRequest(command, body);
    if (request === undefined) return code.invalidCommand;
    const count = request.partitions_count;
    return count < 1 || count > partitionsPerRequest ? code.tooManyPartitions : code.ok;
  };
}

function checkCreateTopic(_state: MetadataState, body: Uint8Array): number {
  const request = decodeRequest(commands.create_topic, body);
  if (request === undefined) return code.invalidCommand;
  const { options, partitions_count: count } = request;
  const resolved = resolveTopicOptions(options, count, partitionsPerRequest);
  return typeof resolved === 'number' ? resolved : code.ok;
}

function checkUpdateTopic(state: MetadataState, body: Uint8Array): number {
  const request = decodeRequest(commands.update_topic, body);
  if (request === undefined) return code.invalidCommand;
  // A topic that is missing is judged as if it had segments of the default size.
  const topic = state.streams.find(request.stream_id)?.topic(request.topic_id);
  const standard = Number(topicOptionLimits.segmentSizeMax);
  return checkTopicUpdate(request.options, topic?.storage.segmentSize ?? standard);
}

const checks: ReadonlyMap<number, StaticCheck> = new Map([
  [Operation.CreateStream, noOptions(commands.create_stream)],
  [Operation.UpdateStream, noOptions(commands.update_stream)],
  [Operation.DeleteStream, mustDecode(commands.delete_stream)],
  [Operation.PurgeStream, mustDecode(commands.purge_stream)],
  [Operation.CreateTopic, checkCreateTopic],
  [Operation.UpdateTopic, checkUpdateTopic],
  [Operation.DeleteTopic, mustDecode(commands.delete_topic)],
  [Operation.PurgeTopic, mustDecode(commands.purge_topic)],
  [Operation.CreatePartitions, countedPartitions(commands.create_partitions)],
  [Operation.DeletePartitions, countedPartitions(commands.delete_partitions)],
  [Operation.DeleteSegments, mustDecode(commands.delete_segments)],
  [Operation.CreateConsumerGroup, mustDecode(commands.create_consumer_group)],
  [Operation.DeleteConsumerGroup, mustDecode(commands.delete_consumer_group)],
  [Operation.JoinConsumerGroup, mustDecode(commands.join_consumer_group)],
  [Operation.LeaveConsumerGroup, mustDecode(commands.leave_consumer_group)],
  [Operation.CreateUser, noOptions(commands.create_user)],
  [Operation.UpdateUser, noOptions(commands.update_user)],
  [Operation.DeleteUser, mustDecode(commands.delete_user)],
  [Operation.ChangePassword, mustDecode(commands.change_password)],
  [Operation.UpdatePermissions, mustDecode(commands.update_permissions)],
  [Operation.CreatePersonalAccessToken, mustDecode(commands.create_personal_access_token)],
  [Operation.DeletePersonalAccessToken, mustDecode(commands.delete_personal_access_token)],
]);
