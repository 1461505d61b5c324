import { CliError } from './cli-error.js';

/** The server's error for a thing that is not there; reads answer with nothing instead. */
export function notFound(
  what: string,
  server: { readonly code: number; readonly name: string },
  hint: string,
): CliError {
  return new CliError('E_NOT_FOUND', `${what} does not exist`, {
    hint,
    details: { serverCode: server.code, serverName: server.name },
  });
}

/** A stream that is not there. @throws never; gives the error */
export function streamNotFound(stream: number | string): CliError {
  return typeof stream === 'number'
    ? notFound(
        `stream ${stream}`,
        { code: 1009, name: 'stream_id_not_found' },
        'iggyctl stream list',
      )
    : notFound(
        `stream "${stream}"`,
        { code: 1010, name: 'stream_name_not_found' },
        'iggyctl stream list',
      );
}

/** A topic that is not there. */
export function topicNotFound(stream: number | string, topic: number | string): CliError {
  const where = typeof stream === 'number' ? `stream ${stream}` : `stream "${stream}"`;
  const hint = `iggyctl topic list ${stream}`;
  return typeof topic === 'number'
    ? notFound(`topic ${topic} of ${where}`, { code: 2010, name: 'topic_id_not_found' }, hint)
    : notFound(`topic "${topic}" of ${where}`, { code: 2011, name: 'topic_name_not_found' }, hint);
}

/** A partition that is not there. */
export function partitionNotFound(
  label: string,
  topic: { readonly stream_id: number | string; readonly topic_id: number | string },
): CliError {
  const hint = `iggyctl partition list ${topic.stream_id} ${topic.topic_id}`;
  return notFound(`partition ${label}`, { code: 3007, name: 'partition_not_found' }, hint);
}

/** A consumer group that is not there. */
export function groupNotFound(
  group: number | string,
  topic: { readonly stream_id: number | string; readonly topic_id: number | string },
): CliError {
  const hint = `iggyctl consumer-group list ${topic.stream_id} ${topic.topic_id}`;
  const isNumber = typeof group === 'number';
  const what = isNumber ? `consumer group ${group}` : `consumer group "${group}"`;
  const server = isNumber
    ? { code: 5000, name: 'consumer_group_id_not_found' }
    : { code: 5003, name: 'consumer_group_name_not_found' };
  return notFound(what, server, hint);
}

/** A user that is not there. */
export function userNotFound(user: number | string): CliError {
  const what = typeof user === 'number' ? `user ${user}` : `user "${user}"`;
  return notFound(what, { code: 20, name: 'resource_not_found' }, 'iggyctl user list');
}
