import { Flags } from '@oclif/core';

/** The positional of commands on captures. */
export const captureFileArg = {
  required: true as const,
  description: 'A pcap, pcapng or .ndjson file, or - for packets from standard input.',
};

/** What of a capture is looked at. */
export const captureFlags = {
  filter: Flags.string({ summary: 'Only these frames, as decode has it.', helpValue: 'EXPR' }),
  port: Flags.integer({ summary: 'Only connections of these ports.', multiple: true }),
};
