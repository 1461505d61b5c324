import { toJson } from '../../render/index.js';
import { CliError, usageError } from '../cli-error.js';
import type { Fields } from '../output/result.js';

/** Compares a result with what was expected of it. @throws CliError E_CHECK_FAILED, E_USAGE */
export function checkExpectations(
  result: Fields & { readonly status: number },
  status: number | undefined,
  expectations: readonly string[],
): void {
  if (status !== undefined && result.status !== status) {
    throw new CliError('E_CHECK_FAILED', `the status is ${result.status}, not ${status}`);
  }
  for (const expectation of expectations) {
    const at = expectation.indexOf('=');
    if (at < 1) throw usageError('--expect: write PATH=VALUE');
    const path = expectation.slice(0, at);
    const wanted = expectation.slice(at + 1);
    const found = textAt(result, path);
    if (found !== wanted) {
      throw new CliError('E_CHECK_FAILED', `${path} is ${found ?? 'not there'}, not ${wanted}`);
    }
  }
}

function textAt(value: unknown, path: string): string | undefined {
  let at: unknown = value;
  for (const key of path.split('.')) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[key];
  }
  if (at === undefined) return undefined;
  return typeof at === 'object' && at !== null ? toJson(at) : String(at);
}
