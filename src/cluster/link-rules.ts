/** What happens to the frames of one directed link. */
export interface LinkRule {
  /** Nothing passes. */
  readonly isCut: boolean;
  /** Chance of a frame to be lost, 0..1. */
  readonly drop: number;
  readonly delayMillis: number;
  /** Up to this much more, uniformly. */
  readonly jitterMillis: number;
  /** Chance of a frame to arrive twice, 0..1. */
  readonly duplicate: number;
  /** Chance of a frame to arrive after later ones, 0..1. */
  readonly reorder: number;
}

/** A link without faults. */
export const cleanLink: LinkRule = {
  isCut: false,
  drop: 0,
  delayMillis: 0,
  jitterMillis: 0,
  duplicate: 0,
  reorder: 0,
};

/** A directed link and its rule. */
export interface LinkState extends LinkRule {
  readonly from: number;
  readonly to: number;
}

/** Rules of all directed links of a cluster; a link without one is clean. */
export class LinkRules {
  readonly #count: number;
  readonly #rules: (LinkRule | undefined)[];
  #active = 0;

  constructor(count: number) {
    this.#count = count;
    this.#rules = new Array<LinkRule | undefined>(count * count).fill(undefined);
  }

  /** Whether any link has a rule. */
  get areActive(): boolean {
    return this.#active > 0;
  }

  get(from: number, to: number): LinkRule | undefined {
    return this.#rules[from * this.#count + to];
  }

  /** Changes parts of a link's rule and leaves the rest. */
  change(from: number, to: number, change: Partial<LinkRule>): void {
    const rule = { ...(this.get(from, to) ?? cleanLink), ...change };
    const isClean = Object.entries(cleanLink).every(
      ([key, value]) => rule[key as keyof LinkRule] === value,
    );
    this.#put(from, to, isClean ? undefined : rule);
  }

  /** Takes the rules of all links away that begin or end at one of the nodes; gives their number. */
  heal(nodes: readonly number[]): number {
    const before = this.#active;
    for (const { from, to } of this.list()) {
      if (nodes.includes(from) || nodes.includes(to)) this.#put(from, to, undefined);
    }
    return before - this.#active;
  }

  /** Links that have a rule. */
  list(): readonly LinkState[] {
    return this.#rules.flatMap((rule, index) =>
      rule === undefined
        ? []
        : [{ from: Math.floor(index / this.#count), to: index % this.#count, ...rule }],
    );
  }

  #put(from: number, to: number, rule: LinkRule | undefined): void {
    const index = from * this.#count + to;
    this.#active += (rule === undefined ? 0 : 1) - (this.#rules[index] === undefined ? 0 : 1);
    this.#rules[index] = rule;
  }
}
