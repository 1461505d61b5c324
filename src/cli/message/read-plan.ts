import { Flags } from '@oclif/core';
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

/** Flags that say where reading starts. */
export const startFlags = {
  offset: Flags.string({ summary: 'Start at this offset.', helpValue: 'N' }),
  first: Flags.boolean({ summary: 'Start at the first message.' }),
  last: Flags.boolean({ summary: 'The last messages of each partition.' }),
  next: Flags.boolean({ summary: 'Go on after the stored offset.' }),
  timestamp: Flags.string({ summary: 'Start at this time.', helpValue: 'TIME' }),
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
