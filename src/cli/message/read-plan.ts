import { Flags } from '@oclif/core';
import type { PollStart } from '../../client/index.js';
import { usageError } from '../cli-error.js';
import { parseTime } from '../times.js';
import { parseInteger } from '../values.js';
import { payloadForms } from './message-result.js';

/** Flags that say who reads, and how messages are shown. */
export const readerFlags = {
  partition: Flags.string({ summary: 'Partition, or all.' }),
  consumer: Flags.string({ char: 'c', summary: 'Consumer whose offset counts.', default: '0' }),
  group: Flags.string({ char: 'g', summary: 'Read as a member of a consumer group.' }),
  commit: Flags.boolean({
    summary: 'Store the offset of what was read.',
    aliases: ['auto-commit'],
  }),
  show: Flags.string({
    summary: 'More columns: headers, id, checksum, origin, key.',
    helpValue: 'A,B',
  }),
  payload: Flags.string({
    summary: 'Form of the payload; raw prints nothing else.',
    options: [...payloadForms],
    default: 'auto',
  }),
  format: Flags.string({
    summary: 'Own lines: %o offset, %P partition, %t time, %p payload, %i id, %h headers.',
    helpValue: 'TEXT',
  }),
  filter: Flags.string({
    summary: 'Only messages for which this holds.',
    helpValue: 'EXPR',
  }),
};

/** Short options of the official command that mean something else. */
export const readerShorts = [
  { char: 'o', instead: '--offset N', when: /^\d*$/ },
  { char: 'f', instead: '--first' },
  { char: 'l', instead: '--last' },
  { char: 'n', instead: '--next, or -n N for the number of messages', when: /^$/ },
  { char: 'm', instead: '-n N, the number of messages' },
  { char: 'a', instead: '--commit' },
  { char: 's', instead: '--show headers', when: /^$/ },
];

/** The flags that choose where to start. */
export interface StartFlags {
  readonly offset?: string | undefined;
  readonly first?: boolean;
  readonly last?: boolean;
  readonly next?: boolean;
  readonly timestamp?: string | undefined;
  readonly tail?: number | undefined;
}

/** Where a poll starts; `first` if nothing is said. @throws CliError E_USAGE when two are */
export function startOf(flags: StartFlags): PollStart {
  const { offset, first, last, next, timestamp, tail } = flags;
  const given = [
    offset !== undefined,
    first === true,
    last === true,
    next === true,
    timestamp !== undefined,
    tail !== undefined,
  ];
  if (given.filter(Boolean).length > 1) {
    throw usageError('give one of --offset, --first, --last, --next, --timestamp and --tail');
  }
  if (offset !== undefined) {
    return { offset: parseInteger(offset, '--offset', 0, Number.MAX_SAFE_INTEGER) };
  }
  if (timestamp !== undefined) return { timestampMicros: parseTime(timestamp, '--timestamp') };
  if (last === true || tail !== undefined) return 'last';
  return next === true ? 'next' : 'first';
}

/** `first`, `last`, `next`, an offset or a time, as one word. @throws CliError E_USAGE */
export function parseStart(text: string, what: string): PollStart {
  if (text === 'first' || text === 'last' || text === 'next') return text;
  if (/^\d{1,15}$/.test(text)) return { offset: Number(text) };
  return { timestampMicros: parseTime(text, what) };
}
