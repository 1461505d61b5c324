// Where the examples connect to, and as whom.
const { env } = process;

export const settings = {
  servers: (env.IGGYCTL_SERVER ?? '127.0.0.1:8090').split(','),
  credentials: {
    username: env.IGGYCTL_USERNAME ?? 'iggy',
    password: env.IGGYCTL_PASSWORD ?? 'iggy',
  },
};

/** A name that no other run of an example uses. */
export const freshName = (what) => `${what}-${Date.now().toString(36)}-${process.pid}`;
