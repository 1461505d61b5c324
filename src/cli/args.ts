import { Args } from '@oclif/core';

/** The positional that names a stream. */
export const streamArg = Args.string({
  required: true,
  description: 'Stream, by name or id (name:… and id:… say which).',
});

export const topicArg = Args.string({
  required: true,
  description: 'Topic, by name or id.',
});
