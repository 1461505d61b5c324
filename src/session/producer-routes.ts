import { partitionIndexOfKey } from '../wire/index.js';

interface Route {
  readonly partitions: readonly number[];
  cursor: number;
}

/**
 * The partitions of topics, as far as a producer has to know them to choose one. Topics are told
 * apart by a text of the caller's. @source Iggy client session layer: client-side partitioning
 */
export class ProducerRoutes {
  readonly #routes = new Map<string, Route>();

  has(topic: string): boolean {
    return this.#routes.has(topic);
  }

  /** Partition ids of a topic, in the order of its description. */
  learn(topic: string, partitions: readonly number[]): void {
    const cursor = this.#routes.get(topic)?.cursor ?? 0;
    this.#routes.set(topic, { partitions, cursor });
  }

  /** The next partition in turn; nothing for a topic that is not known or has none. */
  balanced(topic: string): number | undefined {
    const route = this.#routes.get(topic);
    if (route === undefined || route.partitions.length === 0) return undefined;
    const partition = route.partitions[route.cursor % route.partitions.length];
    route.cursor = (route.cursor + 1) % route.partitions.length;
    return partition;
  }

  /** The partition of all messages with this key. */
  ofKey(topic: string, key: Uint8Array): number | undefined {
    const partitions = this.#routes.get(topic)?.partitions ?? [];
    return partitions.length === 0
      ? undefined
      : partitions[partitionIndexOfKey(key, partitions.length)];
  }

  /** The topic may have other partitions now. */
  forget(topic: string): void {
    this.#routes.delete(topic);
  }

  clear(): void {
    this.#routes.clear();
  }
}
