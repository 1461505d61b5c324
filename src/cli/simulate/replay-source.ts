import { existsSync } from 'node:fs';
import { makePlan, type Plan } from '../../simulator/index.js';
import { CliError } from '../cli-error.js';
import { planIn, readDocument } from './documents.js';
import { parseSeed } from './plan-of.js';

/** A run that is to be made again. */
export interface ReplaySource {
  readonly plan: Plan;
  /** What a trace says of its run. */
  readonly expected?: { readonly final: string; readonly checkpoints: readonly string[] };
}

/** A seed as `simulate run` takes it, or a file with a plan or a trace. @throws CliError */
export function replaySource(source: string): ReplaySource {
  if (!existsSync(source)) {
    const isPath = /[./\\]/.test(source);
    if (isPath) throw new CliError('E_IO', `cannot read ${source}: there is no such file`);
    // As a run without other flags.
    return { plan: makePlan({ seed: parseSeed(source), profile: 'swarm', workload: 'mixed' }) };
  }
  const document = readDocument(source);
  const plan = planIn(source, document);
  const expected = hashesIn(source, document);
  return { plan, ...(expected !== undefined && { expected }) };
}

function hashesIn(path: string, document: unknown): ReplaySource['expected'] {
  if (typeof document !== 'object' || document === null || !('hash' in document)) return undefined;
  const { hash } = document;
  if (typeof hash === 'object' && hash !== null && 'final' in hash) {
    const checkpoints = 'checkpoints' in hash && Array.isArray(hash.checkpoints);
    return {
      final: String(hash.final),
      checkpoints: checkpoints ? (hash.checkpoints as unknown[]).map(String) : [],
    };
  }
  throw new CliError('E_DAMAGED', `${path}: the trace has no final hash`);
}
