import { usageError } from '../cli-error.js';
import {
  type MessageFields,
  type PayloadForm,
  payloadBytes,
  payloadText,
} from './message-result.js';

/** Writes one message as bytes. */
export type MessageFormat = (message: MessageFields) => Uint8Array;

const fields: Readonly<Record<string, (message: MessageFields) => string>> = {
  o: ({ offset }) => String(offset),
  P: ({ partition }) => String(partition),
  t: ({ timestamp }) => timestamp ?? '-',
  i: ({ id }) => String(id),
  l: ({ length }) => String(length),
  k: () => '',
  c: ({ checksum }) => checksum,
  h: ({ headers }) => headers.map(({ key, value }) => `${key}=${value}`).join(','),
  s: ({ stream }) => stream,
  T: ({ topic }) => topic,
};

/**
 * Compiles a line such as `%o %t %p\n`. The payload is written as it is, unless its form is hex or
 * base64.
 *
 * @throws CliError E_USAGE for an unknown letter
 */
export function compileFormat(text: string, form: PayloadForm): MessageFormat {
  const parts = text.match(/%.|\\[ntr0\\]|[^%\\]+|[%\\]/gs) ?? [];
  const writers = parts.map((part): MessageFormat => {
    const escaped = { '\\n': '\n', '\\t': '\t', '\\r': '\r', '\\0': '\0', '\\\\': '\\' }[part];
    if (escaped !== undefined) return () => Buffer.from(escaped);
    if (part === '%%') return () => Buffer.from('%');
    if (!part.startsWith('%')) return () => Buffer.from(part);
    if (part === '%p') {
      return form === 'hex' || form === 'base64' || form === 'json'
        ? (message) => Buffer.from(payloadText(message, form))
        : payloadBytes;
    }
    const write = fields[part.slice(1)];
    if (write !== undefined) return (message) => Buffer.from(write(message));
    throw usageError(
      `--format: there is no ${part}`,
      'known: %p payload, %o offset, %P partition, %t time, %i id, %l length, %h headers, %c checksum',
    );
  });
  return (message) => Buffer.concat(writers.map((write) => write(message)));
}
