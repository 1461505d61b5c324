import type { Cell, Pair } from '../../render/index.js';

/** Plain data as it appears in JSON; bigints become decimal strings. */
export type Field =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | readonly Field[]
  | { readonly [key: string]: Field };

/** The fields of one object, without `kind` and `v`, in the order in which they are shown. */
export type Fields = Readonly<Record<string, Field>>;

/** One object as a result. */
export interface ObjectResult {
  readonly kind: string;
  readonly value: Fields;
  /** What a person sees; absent = `text`. */
  readonly pairs?: readonly Pair[];
  /** A sentence or a drawing for the table formats, instead of pairs. */
  readonly text?: string;
  /** The essential value, for `--quiet` and `-o name`; absent = nothing. */
  readonly name?: string | number | undefined;
}

/** A column of a list. */
export interface ListColumn<T> {
  /** Key in the JSON items; `--columns` and `--sort` name it. */
  readonly key: string;
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** What a person sees; the item's value if absent. */
  readonly cell?: (item: T) => Cell;
  /** Only in the `wide` format, and when named by `--columns`. */
  readonly wide?: boolean;
}

/** A list as a result. */
export interface ListResult<T extends Fields = Fields> {
  /** Kind of one item; the list's own is `KIND.list`. */
  readonly kind: string;
  readonly items: readonly T[];
  readonly columns: readonly ListColumn<T>[];
  /** Key of the essential value for `-o name`; `name` if absent. */
  readonly nameKey?: string;
  /** Key of the essential value for `--quiet`; `id` if absent, then `nameKey`. */
  readonly idKey?: string;
  /** Keys of columns that a narrow terminal can do without, the least important first. */
  readonly spare?: readonly string[];
  /** Notice on a terminal when there is nothing, such as `no streams`. */
  readonly empty?: string;
}
