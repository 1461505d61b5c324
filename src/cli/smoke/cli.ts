import { soon } from './soon.js';
import { holds, type ProgramRun, type SmokeSuite, same } from './step.js';

/** The command line as scripts use it: exit codes, JSON, piped data. */
export const cli: SmokeSuite = {
  name: 'cli',
  steps: [
    {
      name: 'iggyctl version --json',
      run: async ({ run }) => {
        const made = await run(['version', '--json']);
        same('exit code', made.code, 0);
        same('kind', parsed(made)['kind'], 'version');
      },
    },
    {
      name: 'iggyctl stream create, twice',
      run: async ({ run, prefix }) => {
        same('exit code', (await run(['stream', 'create', `${prefix}cli`])).code, 0);
        const again = await run(['stream', 'create', `${prefix}cli`]);
        same('exit code of the second', again.code, 4);
        same('output of the second', again.stdout, '');
      },
    },
    {
      name: 'piped lines become messages',
      run: async ({ run, prefix }) => {
        same('topic create', (await run(['topic', 'create', `${prefix}cli`, 't'])).code, 0);
        const sent = await run(['message', 'send', `${prefix}cli`, 't', '--json'], 'a\nb\nc\n');
        same('acknowledged', parsed(sent)['acknowledged'], '3');
        const poll = ['message', 'poll', `${prefix}cli/t/0`, '--first', '--json'];
        const count = await soon(
          async () => {
            const { items } = parsed(await run(poll));
            return Array.isArray(items) ? items.length : 0;
          },
          (seen) => seen >= 3,
        );
        same('polled', count, 3);
      },
    },
    {
      name: 'nothing is deleted without an answer',
      run: async ({ run, prefix }) => {
        same('exit code', (await run(['stream', 'delete', `${prefix}cli`])).code, 16);
        same(
          'exit code with --yes',
          (await run(['stream', 'delete', `${prefix}cli`, '-y'])).code,
          0,
        );
      },
    },
    {
      name: 'what is missing ends with 3, what is wrong with 2',
      run: async ({ run, prefix }) => {
        const missing = await run(['stream', 'get', `${prefix}cli`, '--json']);
        same('exit code', missing.code, 3);
        holds('the error is one JSON line', missing.stderr.startsWith('{"kind":"error"'));
        same('exit code', (await run(['stream', 'get', '--bogus'])).code, 2);
      },
    },
  ],
};

function parsed({ stdout, stderr }: ProgramRun): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(stdout) as Readonly<Record<string, unknown>>;
  } catch {
    throw new Error(`no JSON on standard output; ${stderr.split('\n')[0] ?? ''}`);
  }
}
