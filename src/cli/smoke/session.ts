import { EvictedError, IggyClient, UnauthenticatedError } from '../../client/index.js';
import { failing, holds, type SmokeSuite, type SmokeTarget, same } from './step.js';

/** The consensus session: numbers, fencing, resume, tokens. */
export const session: SmokeSuite = {
  name: 'session',
  steps: [
    {
      name: 'every login gets a higher session number',
      run: async (target) => {
        const first = await numberOf(target);
        const second = await numberOf(target);
        holds(`${second} is not above ${first}`, second > first);
      },
    },
    {
      name: 'requests are numbered one by one',
      run: async ({ client, prefix }) => {
        const before = client.session.nextRequest;
        await client.streams.create(`${prefix}session`);
        same('next number', client.session.nextRequest, before + 1n);
      },
    },
    {
      name: 'a dropped connection is made again, and the session goes on',
      run: async ({ client, prefix }) => {
        const { clientId } = client.session;
        client.disconnect();
        await client.connect();
        await client.streams.delete(`${prefix}session`);
        same('client id', client.session.clientId, clientId);
      },
    },
    {
      name: 'a second holder of a client id fences the first',
      run: async (target) => {
        const clientId = 0x5e55_10f0n + BigInt(Date.now());
        const options = { ...target.options, clientId, reconnect: false as const };
        const first = await IggyClient.connect(options);
        const second = await IggyClient.connect(options);
        const made = first.streams.create(`${target.prefix}fenced`);
        const error = await failing('the fenced mutation', made);
        holds(`eviction, not ${String(error)}`, error instanceof EvictedError);
        await second.close();
        first.destroy();
      },
    },
    {
      name: 'a token logs in, and no longer when it is deleted',
      run: async (target) => {
        const name = `${target.prefix}token`.slice(0, 30);
        const { client } = target;
        const token = await client.tokens.create({ name });
        const options = { ...target.options, credentials: { token } };
        const other = await IggyClient.connect(options);
        same('user', other.session.userId, client.session.userId);
        await other.close();
        await client.tokens.delete(name);
        const error = await failing('login', IggyClient.connect(options));
        const isRefused = error instanceof EvictedError || error instanceof UnauthenticatedError;
        holds(`a refused login, not ${String(error)}`, isRefused);
      },
    },
    {
      name: 'a wrong password is refused',
      run: async ({ options }) => {
        const credentials = { username: 'iggy', password: 'not the password' };
        await failing('login', IggyClient.connect({ ...options, credentials }));
      },
    },
  ],
};

async function numberOf({ options }: SmokeTarget): Promise<bigint> {
  const client = await IggyClient.connect(options);
  const number = client.session.session ?? 0n;
  await client.close();
  return number;
}
