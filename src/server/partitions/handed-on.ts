import type { PartitionWork } from './partition-work.js';

/** Requests handed to other nodes, by what their answers repeat; the oldest under a key first. */
export class HandedOn {
  readonly #byId = new Map<number, { readonly key: string; readonly work: PartitionWork }>();
  readonly #byKey = new Map<string, number[]>();
  #next = 1;

  get size(): number {
    return this.#byId.size;
  }

  add(key: string, work: PartitionWork): number {
    const id = this.#next++;
    this.#byId.set(id, { key, work });
    const ids = this.#byKey.get(key);
    if (ids === undefined) this.#byKey.set(key, [id]);
    else ids.push(id);
    return id;
  }

  take(key: string): PartitionWork | undefined {
    const id = this.#byKey.get(key)?.[0];
    return id === undefined ? undefined : this.remove(id);
  }

  /** Gives up on one; `undefined` when it was answered in the meantime. */
  remove(id: number): PartitionWork | undefined {
    const entry = this.#byId.get(id);
    if (entry === undefined) return undefined;
    this.#byId.delete(id);
    const ids = this.#byKey.get(entry.key) ?? [];
    ids.splice(ids.indexOf(id), 1);
    if (ids.length === 0) this.#byKey.delete(entry.key);
    return entry.work;
  }
}
