/** Short names of topics and commands that the official command line has. */
export const topicAliases: Readonly<Record<string, string>> = {
  s: 'stream',
  t: 'topic',
  p: 'partition',
  seg: 'segment',
  u: 'user',
  c: 'client',
  cl: 'cluster',
  g: 'consumer-group',
  o: 'consumer-offset',
  m: 'message',
  ctx: 'context',
  pat: 'token',
  li: 'login',
  lo: 'logout',
  sess: 'session',
};

/** Short names of verbs, by topic; `*` holds for every topic that has the verb. */
export const verbAliases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '*': { c: 'create', d: 'delete', u: 'update', g: 'get', l: 'list', p: 'purge', s: 'set' },
  user: { n: 'rename', name: 'rename', s: 'status', pwd: 'password', p: 'permissions' },
  context: { s: 'show', u: 'use' },
  message: { s: 'send', p: 'poll', f: 'flush' },
  session: { s: 'show', status: 'show' },
  cluster: { m: 'metadata' },
};

/** What each topic is about; shown by the help of the topic. */
export const topicSummaries: Readonly<Record<string, string>> = {
  bench: 'Measure throughput and latency.',
  capture: 'Read, compare and replay captured frames.',
  client: 'Clients connected to a node.',
  cluster: 'Local clusters, and the view of any cluster.',
  config: 'The configuration file.',
  'consumer-group': 'Consumer groups of a topic.',
  'consumer-offset': 'Stored offsets of consumers.',
  context: 'Profiles: servers, transport, credentials.',
  inspect: 'Files of a data directory.',
  message: 'Send and read messages.',
  partition: 'Partitions of a topic.',
  request: 'Any command of the protocol, frame by frame.',
  segment: 'Segments of a partition.',
  session: 'The consensus session behind a login.',
  simulate: 'The same consensus under injected faults.',
  stream: 'Streams.',
  token: 'Personal access tokens.',
  topic: 'Topics of a stream.',
  user: 'Users and their permissions.',
};

/** The same in so few words that two columns of them fit a terminal; shown by the root help. */
export const topicBriefs: Readonly<Record<string, string>> = {
  capture: 'captured frames',
  client: 'who is connected',
  cluster: 'local clusters, and any',
  config: 'the configuration file',
  'consumer-group': 'groups of consumers',
  'consumer-offset': 'stored offsets',
  context: 'servers, credentials',
  inspect: 'data directories',
  message: 'send and read messages',
  partition: 'partitions of a topic',
  request: 'any protocol command',
  segment: 'segments of a partition',
  session: 'the session of a login',
  simulate: 'consensus under faults',
  stream: 'streams',
  token: 'personal access tokens',
  topic: 'topics of a stream',
  user: 'users and permissions',
};
