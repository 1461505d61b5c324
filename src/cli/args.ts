import { Args } from '@oclif/core';

/** The positional that names a stream. */
export const streamArg = Args.string({
  required: true,
  description: 'Stream, by name or id (name:… and id:… say which).',
});
