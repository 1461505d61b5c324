import { type ErrorDetails, IggyctlError } from '../base/index.js';
import {
  type SettingKind,
  type SettingName,
  type SettingRow,
  settingRows,
} from './settings.data.js';

/** A setting that does not exist (`details.nearest` names similar ones) or has no such value. */
export class SettingError extends IggyctlError<'SETTING_UNKNOWN' | 'SETTING_INVALID'> {
  constructor(code: 'SETTING_UNKNOWN' | 'SETTING_INVALID', message: string, details: ErrorDetails) {
    super(code, message, details);
  }
}

/** Where the value of a setting came from, such as `--set` or the path of a file. */
export interface SettingSource {
  readonly name: string;
  readonly value: string;
  readonly origin: string;
}

/** A setting as it is in force. */
export interface SettingView {
  readonly name: SettingName;
  /** As a user would write it; empty = not set. */
  readonly value: string;
  /** `default`, or the origin that was given. */
  readonly origin: string;
  readonly description: string;
}

type Value = string | number | boolean | undefined;

/** The settings of a local cluster, validated. */
export class ClusterSettings {
  readonly #values = new Map<SettingName, { value: Value; text: string; origin: string }>();

  /**
   * Later sources win over earlier ones.
   * @throws SETTING_UNKNOWN, SETTING_INVALID
   */
  constructor(sources: readonly SettingSource[] = []) {
    for (const row of settingRows) {
      this.#values.set(row.name, {
        value: parse(row, row.standard),
        text: row.standard,
        origin: 'default',
      });
    }
    for (const { name, value, origin } of sources) {
      const row = rowOf(name);
      this.#values.set(row.name, { value: parse(row, value), text: value, origin });
    }
  }

  /** Value of a duration in milliseconds, or of an integer. */
  number(name: SettingName): number {
    const value = this.#get(name);
    return typeof value === 'number' ? value : 0;
  }

  isOn(name: SettingName): boolean {
    return this.#get(name) === true;
  }

  /** Value of a choice or a text; empty = not set. */
  text(name: SettingName): string {
    const value = this.#get(name);
    return typeof value === 'string' ? value : '';
  }

  /** A port, or `undefined` when it is off or not set. */
  port(name: SettingName): number | undefined {
    const value = this.#get(name);
    return typeof value === 'number' ? value : undefined;
  }

  /** All settings with their origin, in a fixed order. */
  list(): readonly SettingView[] {
    return settingRows.map(({ name, description }) => {
      const { text = '', origin = 'default' } = this.#values.get(name) ?? {};
      return { name, value: text, origin, description };
    });
  }

  #get(name: SettingName): Value {
    return this.#values.get(name)?.value;
  }
}

/** The row of a setting. @throws SETTING_UNKNOWN */
function rowOf(name: string): (typeof settingRows)[number] {
  const found = settingRows.find((row) => row.name === name);
  if (found !== undefined) return found;
  const nearest = nearestSettings(name);
  const best = nearest[0] ?? byDistance(name)[0]?.name ?? '';
  const message = `there is no setting ${name}; did you mean ${best}?`;
  throw new SettingError('SETTING_UNKNOWN', message, { name, nearest });
}

/** Names of settings that resemble `name`, best first. */
export function nearestSettings(name: string): readonly string[] {
  return byDistance(name)
    .filter((each) => each.distance <= Math.max(3, Math.ceil(name.length / 3)))
    .slice(0, 3)
    .map((each) => each.name);
}

function byDistance(name: string): readonly { readonly name: string; readonly distance: number }[] {
  return settingRows
    .map((row) => ({ name: row.name, distance: distance(name, row.name) }))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
}

function parse(row: SettingRow, text: string): Value {
  if (text === '' && row.standard === '') return undefined;
  const value = parseKind(row.type, text);
  if (value !== invalidValue) return value;
  const details = { name: row.name, value: text, expected: expectedOf(row.type) };
  const message = `${row.name} = "${text}": expected ${details.expected}`;
  throw new SettingError('SETTING_INVALID', message, details);
}

const invalidValue = Symbol('invalid');

function parseKind(type: SettingKind, text: string): Value | typeof invalidValue {
  switch (type.kind) {
    case 'duration': {
      const millis = parseDuration(text);
      const fits = millis !== undefined && millis >= type.minMillis && millis <= type.maxMillis;
      return fits ? millis : invalidValue;
    }
    case 'integer': {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return value >= type.min && value <= type.max ? value : invalidValue;
    }
    case 'choice':
      return type.choices.includes(text) ? text : invalidValue;
    case 'switch':
      return text === 'true' || text === 'on'
        ? true
        : text === 'false' || text === 'off'
          ? false
          : invalidValue;
    case 'port': {
      if (text === 'off') return undefined;
      const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
      return value <= 65_535 ? value : invalidValue;
    }
    case 'text':
      return text;
  }
}

const unitMillis: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
};

/** Milliseconds of `500ms`, `5s`, `1.5m`, `1h`; `undefined` for anything else. */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|min|h)$/.exec(text);
  const unit = unitMillis[match?.[2] ?? ''];
  if (match === null || unit === undefined) return text === '0' ? 0 : undefined;
  return Math.round(Number(match[1]) * unit);
}

function expectedOf(type: SettingKind): string {
  switch (type.kind) {
    case 'duration':
      return `a duration from ${type.minMillis}ms to ${type.maxMillis}ms, such as 500ms or 5s`;
    case 'integer':
      return `a whole number from ${type.min} to ${type.max}`;
    case 'choice':
      return type.choices.join(' or ');
    case 'switch':
      return 'true or false';
    case 'port':
      return 'a port from 0 to 65535, or off';
    case 'text':
      return 'text';
  }
}

/** Edit distance of two texts. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
