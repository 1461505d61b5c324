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
