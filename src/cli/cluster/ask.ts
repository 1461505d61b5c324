import { createInterface } from 'node:readline/promises';
import { CliError } from '../cli-error.js';

/** What decides whether a question can be asked. */
export interface AskFlags {
  readonly yes?: boolean | undefined;
  readonly 'no-input'?: boolean | undefined;
}

/**
 * Asks once on the terminal; anything but yes means no.
 * @throws CliError E_NEEDS_CONFIRMATION when it was declined or cannot be asked
 */
export async function confirmLoss(question: string, flags: AskFlags): Promise<void> {
  if (flags.yes === true) return;
  const isSilent = flags['no-input'] === true || ['IGGYCTL_NO_INPUT', 'CI'].some(isSet);
  if (isSilent || !process.stdin.isTTY || !process.stderr.isTTY) {
    throw new CliError('E_NEEDS_CONFIRMATION', `not done without a confirmation: ${question}`, {
      hint: 'add --yes',
    });
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${question} [y/N] `);
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    terminal.close();
  }
  throw new CliError('E_NEEDS_CONFIRMATION', 'nothing was done');
}

function isSet(variable: string): boolean {
  return (process.env[variable] ?? '') !== '';
}
