import {
  ClusterNotReadyError,
  findCluster,
  type ReadyRecord,
  startDetached,
} from '../../cluster/index.js';
import { CliError, type CliErrorCode } from '../cli-error.js';
import type { Places } from '../config/places.js';
import { writePrivateFile } from '../config/private-file.js';
import { exitCodes } from '../exit-codes.js';
import { activateLocalContext } from './local-context.js';
import type { UpPlan } from './up-plan.js';

/**
 * Starts a cluster in a process of its own and waits until it is ready.
 * @param args - the command line of the foreground form, without the program
 * @throws CliError when the name is in use, or with what the new process said
 */
export async function startInBackground(
  plan: UpPlan,
  places: Places,
  args: readonly string[],
): Promise<ReadyRecord> {
  const found = findCluster(plan.name, plan.paths.directory);
  if (found !== undefined && found.state !== 'dead') {
    const pid = found.ready?.pid ?? 'unknown';
    throw new CliError(
      'E_CONFLICT',
      `the cluster ${plan.name} is already running, as process ${pid}`,
      { hint: `iggyctl cluster status ${plan.name}` },
    );
  }
  const ready = await launch(plan, args);
  if (plan.context !== undefined) activateLocalContext(places, plan.context, ready.nodes);
  if (plan.readyFile !== undefined) {
    writePrivateFile(plan.readyFile, `${JSON.stringify(ready)}\n`);
  }
  return ready;
}

/** A process may need a moment longer than its cluster. */
const extraMillis = 5000;

async function launch(plan: UpPlan, args: readonly string[]): Promise<ReadyRecord> {
  const [, program = ''] = process.argv;
  try {
    return await startDetached({
      args: [program, ...args],
      paths: plan.paths,
      waitMillis: (plan.cluster.waitMillis ?? 30_000) + extraMillis,
    });
  } catch (error) {
    if (!(error instanceof ClusterNotReadyError)) throw error;
    throw errorOfOutput(String(error.details['output'] ?? '')) ?? notReady(error);
  }
}

const codesByExit: Readonly<Record<number, CliErrorCode>> = {
  [exitCodes.usage]: 'E_USAGE',
  [exitCodes.conflict]: 'E_CONFLICT',
  [exitCodes.unhealthy]: 'E_UNHEALTHY',
  [exitCodes.malformed]: 'E_DAMAGED',
  [exitCodes.config]: 'E_CONFIG',
  [exitCodes.io]: 'E_IO',
};

/** What the process said before it ended: its last line is an error in its JSON form. */
function errorOfOutput(output: string): CliError | undefined {
  const line = output.split('\n').findLast((each) => each.startsWith('{"kind":"error"'));
  if (line === undefined) return undefined;
  try {
    const { error } = JSON.parse(line) as { error?: Readonly<Record<string, unknown>> };
    const code = codesByExit[Number(error?.['exit_code'])] ?? 'E_FAILED';
    const hint = error?.['hint'];
    return new CliError(code, String(error?.['message']), {
      ...(typeof hint === 'string' && { hint }),
    });
  } catch {
    return undefined;
  }
}

function notReady(error: ClusterNotReadyError): CliError {
  const output = String(error.details['output'] ?? '').trim();
  return new CliError('E_UNHEALTHY', error.message, {
    cause: error,
    causes: output === '' ? [] : output.split('\n').slice(-3),
  });
}
