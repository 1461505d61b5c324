import { type CommandKey, type CommandSpec, commands } from '../../wire/index.js';
import { CliError } from '../cli-error.js';
import { nearest } from '../nearest.js';

/** A command of the protocol by its code, its dispatch name or its own name. */
export function findRequest(text: string): CommandSpec {
  const all: readonly CommandSpec[] = allRequests();
  const found = all.find(
    ({ code, name, dispatchName }) =>
      String(code) === text || dispatchName === text || name === text,
  );
  if (found !== undefined) return found;
  const near = nearest(
    text,
    all.map(({ dispatchName }) => dispatchName),
  );
  throw new CliError('E_NOT_FOUND', `no command of the protocol is called ${text}`, {
    hint: near === undefined ? 'iggyctl request list' : `iggyctl request describe ${near}`,
  });
}

/** Every command of the protocol, in the order of the codes. */
export function allRequests(): readonly CommandSpec[] {
  return (Object.keys(commands) as CommandKey[]).map((key) => commands[key] as CommandSpec);
}
