import { describe, expect, it } from 'vitest';
import { parseProblem } from '../../../src/cli/run/parse-problem.js';

const shape = { name: 'stream list', flagNames: ['node', 'output'], argNames: [] };

function told(error: Error): unknown {
  const problem = parseProblem(error, shape);
  return problem instanceof Error ? problem.message : problem;
}

describe('errors of the parser', () => {
  it('06-S03 names the nearest flag also when none is near', () => {
    const error = Object.assign(new Error('Nonexistent flag'), { parse: {}, flags: ['--bogus'] });
    expect(told(error)).toBe('unknown flag --bogus of iggyctl stream list; did you mean --node?');
  });

  it('names the flags that are missing, without what the framework writes around them', () => {
    const text = 'The following errors occurred:\n  Missing required flag from\n';
    const error = Object.assign(new Error(`${text}  Missing required flag to\nSee more help`), {
      parse: {},
    });
    expect(told(error)).toBe('missing flag --from, --to of iggyctl stream list');
  });

  it('keeps what is known of anything else, on one line', () => {
    const text =
      'The following error occurred:\n  --a cannot be with --b\nSee more help with --help';
    expect(told(Object.assign(new Error(text), { parse: {} }))).toBe('--a cannot be with --b');
  });
});
