/** Classes of failures, the most serious first. */
export const failureClasses = ['S', 'C', 'L', 'D', 'W', 'R', 'A', 'M'] as const;

/** One of {@link failureClasses}. */
export type FailureClass = (typeof failureClasses)[number];

/** Which rule was broken, where and when. */
export interface Violation {
  readonly class: FailureClass;
  /** For instance `S10`, `C2`, `W1`. */
  readonly invariant: string;
  readonly detail: string;
  readonly node?: number;
}

/** Receives what checkers find; the first finding of a run counts. */
export type Report = (violation: Violation) => void;

/** The invariant of the catalogue that an assertion of the core's own list belongs to. */
const catalogue: ReadonlyMap<string, string> = new Map([
  ['I-01', 'S1'],
  ['I-08', 'S3'],
  ['I-10', 'S5'],
  ['I-11', 'S6'],
  ['I-12', 'S8'],
  ['I-15', 'S8'],
  ['I-16', 'S10'],
  ['I-18', 'S4'],
  ['I-19', 'S8'],
  ['I-21', 'S21'],
  ['I-22', 'S17'],
  ['I-23', 'S25'],
  ['I-30', 'S26'],
  ['I-37', 'S26'],
  ['I-38', 'S25'],
  ['I-39', 'S27'],
]);

/** The violation that a failed assertion of the core's invariant list means. */
export function violationOf(error: unknown, node: number): Violation {
  const message = error instanceof Error ? error.message : String(error);
  const name = /^(I-\d\d|S\d+)/.exec(message)?.[1];
  if (name === undefined) return { class: 'A', invariant: 'A', detail: message, node };
  return { class: 'S', invariant: catalogue.get(name) ?? name, detail: message, node };
}
