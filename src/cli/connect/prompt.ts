import { openSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { CliError } from '../cli-error.js';
import { type Environment, envValue } from '../config/places.js';
import { Secret } from '../secrets/secret.js';

/** What decides whether a person can be asked. */
export interface PromptRules {
  readonly noInput: boolean;
  readonly env: Environment;
}

type Question =
  | { readonly type: 'confirm'; readonly message: string; readonly default: boolean }
  | { readonly type: 'input' | 'password'; readonly message: string };

/** Asks on standard error and reads from the controlling terminal, so that input may be a pipe. */
export class Prompt {
  readonly #rules: PromptRules;

  constructor(rules: PromptRules) {
    this.#rules = rules;
  }

  /** True when there is a terminal and nothing forbids asking. */
  get isPossible(): boolean {
    const { noInput, env } = this.#rules;
    if (noInput || envValue(env, 'IGGYCTL_NO_INPUT') !== undefined) return false;
    return envValue(env, 'CI') === undefined && process.stderr.isTTY;
  }

  /** Asks a question whose answer is no unless yes was typed. */
  async confirm(question: string): Promise<boolean> {
    return (await this.#ask({ type: 'confirm', message: question, default: false })) === true;
  }

  /** Asks for a line of text. */
  async text(question: string): Promise<string> {
    return String(await this.#ask({ type: 'input', message: question }));
  }

  /** Asks for a secret; nothing is shown while it is typed. */
  async secret(question: string): Promise<Secret> {
    return new Secret(String(await this.#ask({ type: 'password', message: question })));
  }

  async #ask(question: Question): Promise<unknown> {
    const input = openTerminal();
    const { signal, done } = endOfInput(input);
    try {
      const { default: inquirer } = await import('inquirer');
      const prompt = inquirer.createPromptModule({ input, output: process.stderr, signal });
      const answers: Readonly<Record<string, unknown>> = await prompt([
        { ...question, name: 'answer' },
      ]);
      return answers['answer'];
    } catch (error) {
      if (error instanceof Error && /^(ExitPrompt|AbortPrompt)Error$/.test(error.name)) {
        throw new CliError('E_INTERRUPTED', 'nothing was done', { cause: error });
      }
      throw error;
    } finally {
      done();
      if (input !== process.stdin) input.destroy();
      else input.pause();
    }
  }
}

const ctrlD = 0x04;

/** Ctrl-D means that nobody will answer, which the prompts themselves do not know. */
function endOfInput(input: NodeJS.ReadStream) {
  const controller = new AbortController();
  const listener = (typed: Buffer | string) => {
    if (Buffer.from(typed).includes(ctrlD)) controller.abort();
  };
  input.on('data', listener);
  return { signal: controller.signal, done: () => void input.off('data', listener) };
}

function openTerminal(): NodeJS.ReadStream {
  if (process.stdin.isTTY) return process.stdin;
  try {
    return new ReadStream(openSync('/dev/tty', 'r'));
  } catch (error) {
    throw new CliError('E_NEEDS_CONFIRMATION', 'there is no terminal to ask on', { cause: error });
  }
}
