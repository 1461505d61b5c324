import type { Option } from '../../../wire/index.js';
import { compareText } from '../state/user-table.js';

/** An option with where it came from. */
export interface StoredOption {
  readonly option: Option;
  /** True when the client named it, false when the server filled it in. */
  readonly isExplicit: boolean;
}

/** Options of a topic in ascending order of their keys. Never changed in place. */
export class OptionMap {
  readonly entries: readonly StoredOption[];
  readonly explicit: readonly Option[];
  readonly derived: readonly Option[];

  constructor(entries: readonly StoredOption[]) {
    this.entries = [...entries].sort((a, b) => compareText(a.option.key, b.option.key));
    const given = (wanted: boolean): readonly Option[] =>
      this.entries.filter((each) => each.isExplicit === wanted).map((each) => each.option);
    this.explicit = given(true);
    this.derived = given(false);
  }

  static of(explicit: readonly Option[], derived: readonly Option[]): OptionMap {
    const named = new Set(explicit.map((option) => option.key));
    return new OptionMap([
      ...explicit.map((option) => ({ option, isExplicit: true })),
      ...derived
        .filter((option) => !named.has(option.key))
        .map((option) => ({ option, isExplicit: false })),
    ]);
  }

  find(key: string): Option | undefined {
    return this.entries.find((each) => each.option.key === key)?.option;
  }

  /** With these options added or replaced, as the client sent them. */
  merge(options: readonly Option[]): OptionMap {
    if (options.length === 0) return this;
    const replaced = new Set(options.map((option) => option.key));
    return new OptionMap([
      ...this.entries.filter((each) => !replaced.has(each.option.key)),
      ...options.map((option) => ({ option, isExplicit: true })),
    ]);
  }
}
