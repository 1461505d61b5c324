import { ControlError } from './control-protocol.js';
import { isJsonList, type Json, type JsonObject } from './plain-json.js';

/** Reads the parameters of a control call. All of them throw CONTROL_MALFORMED. */
export class ControlParams {
  readonly #params: JsonObject;

  constructor(params: JsonObject) {
    this.#params = params;
  }

  integer(name: string): number {
    const value = this.#params[name];
    if (typeof value === 'number' && Number.isInteger(value)) return value;
    throw malformed(name, 'a whole number');
  }

  integers(name: string): readonly number[] {
    const value = this.#params[name] ?? [];
    return listOf(name, value, 'whole numbers', Number.isInteger) as readonly number[];
  }

  /** Lists of node numbers. */
  groups(name: string): readonly (readonly number[])[] {
    const value = this.#params[name];
    if (!isJsonList(value)) throw malformed(name, 'a list of lists');
    return value.map(
      (each) => listOf(name, each, 'whole numbers', Number.isInteger) as readonly number[],
    );
  }

  flag(name: string): boolean {
    const value = this.#params[name] ?? false;
    if (typeof value === 'boolean') return value;
    throw malformed(name, 'true or false');
  }

  /** A number that may be left out. */
  number(name: string): number | undefined {
    const value = this.#params[name] ?? undefined;
    if (value === undefined || typeof value === 'number') return value;
    throw malformed(name, 'a number');
  }

  choice<const T extends string>(name: string, choices: readonly T[], standard?: T): T {
    const value = this.#params[name] ?? standard;
    const found = choices.find((choice) => choice === value);
    if (found !== undefined) return found;
    throw malformed(name, choices.join(' or '));
  }

  choices<const T extends string>(name: string, choices: readonly T[]): readonly T[] {
    const value = this.#params[name];
    if (value === undefined) return choices;
    const isKnown = (each: Json) => choices.some((choice) => choice === each);
    const names = listOf(name, value, choices.join(' or '), isKnown);
    return choices.filter((choice) => names.includes(choice));
  }
}

function listOf(
  name: string,
  value: Json,
  what: string,
  isRight: (each: Json) => boolean,
): readonly Json[] {
  if (isJsonList(value) && value.every(isRight)) return value;
  throw malformed(name, `a list of ${what}`);
}

function malformed(name: string, expected: string): ControlError {
  return new ControlError('CONTROL_MALFORMED', `${name}: expected ${expected}`, { name, expected });
}
