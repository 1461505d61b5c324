/** Who may change a topic, as text: the same for all commands that do. */
export const changeTopicPermission =
  'global: manage_streams or manage_topics; ' +
  'or stream: manage_stream or manage_topics; or topic: manage_topic';
