import type { PartitionEffect } from './partition-store.js';

type Distribute<T> = T extends { readonly id: number } ? Omit<T, 'id'> : never;

/** An effect that is answered, before it has an id. */
export type AnsweredEffect = Distribute<PartitionEffect>;
/** An effect nobody answers. */
export type PlainEffect = Exclude<PartitionEffect, { readonly id: number }>;

type Continuation = (ok: boolean) => void;

/** Collects effects for the host and remembers what to do when each is done. */
export class EffectQueue {
  readonly #waiting = new Map<number, Continuation>();
  #effects: PartitionEffect[] = [];
  #nextId = 1;

  /** Effects that were asked for and not answered yet. */
  get pending(): number {
    return this.#waiting.size;
  }

  tell(effect: PlainEffect): void {
    this.#effects.push(effect);
  }

  ask(effect: AnsweredEffect, done: Continuation): void {
    const id = this.#nextId;
    this.#nextId += 1;
    this.#waiting.set(id, done);
    this.#effects.push({ id, ...effect });
  }

  /** Asks for several and continues when all are done; `ok` if every one was. */
  askAll(effects: readonly AnsweredEffect[], done: Continuation): void {
    let left = effects.length;
    let ok = true;
    if (left === 0) {
      done(true);
      return;
    }
    for (const effect of effects) {
      this.ask(effect, (each) => {
        left -= 1;
        ok &&= each;
        if (left === 0) done(ok);
      });
    }
  }

  /** What was asked for since the last call. */
  take(): readonly PartitionEffect[] {
    if (this.#effects.length === 0) return none;
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  done(id: number, ok: boolean): void {
    const continuation = this.#waiting.get(id);
    this.#waiting.delete(id);
    continuation?.(ok);
  }
}

const none: readonly PartitionEffect[] = [];
