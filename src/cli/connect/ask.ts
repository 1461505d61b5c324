import { CliError } from '../cli-error.js';
import { Prompt } from './prompt.js';

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
  const prompt = new Prompt({ noInput: flags['no-input'] === true, env: process.env });
  await confirmed(prompt, question);
}

/** Asks whether something may be lost. @throws CliError E_NEEDS_CONFIRMATION unless it may */
export async function confirmed(prompt: Prompt, question: string): Promise<void> {
  if (!prompt.isPossible) {
    throw new CliError('E_NEEDS_CONFIRMATION', `${question} Nobody can be asked here.`, {
      hint: 'add --yes',
    });
  }
  if (!(await prompt.confirm(question))) {
    throw new CliError('E_NEEDS_CONFIRMATION', 'nothing was done');
  }
}
