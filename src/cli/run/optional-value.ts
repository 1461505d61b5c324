/** A flag whose value may be left out. */
export interface OptionalValue {
  /** With its dashes. */
  readonly flag: string;
  /** What its value looks like; any other next word is not the value. */
  readonly pattern: RegExp;
  readonly otherwise: string;
}

/** The words with the value written out where it was left out, since the parser wants one. */
export function withValue(argv: readonly string[], rule: OptionalValue): string[] {
  const { flag, pattern, otherwise } = rule;
  return argv.flatMap((word, at) => {
    const isBare = word === flag && !pattern.test(argv[at + 1] ?? '');
    return isBare ? [word, otherwise] : [word];
  });
}
