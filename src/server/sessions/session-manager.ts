import { type Binding, type Connection, createBinding } from '../core/connection.js';

/**
 * Which connection of this node speaks for which session. Node-local: the replicated client table
 * decides what a session may do, this only says whose it is here.
 *
 * @source Iggy session protocol, server session manager
 */
export class SessionManager {
  readonly #connections = new Map<number, Connection>();
  /** Connections by the client id they are bound to; fenced ones are not in it. */
  readonly #byClient = new Map<bigint, Connection>();

  get size(): number {
    return this.#connections.size;
  }

  /** All connections in order of arrival. */
  connections(): IterableIterator<Connection> {
    return this.#connections.values();
  }

  get(id: number): Connection | undefined {
    return this.#connections.get(id);
  }

  add(connection: Connection): void {
    this.#connections.set(connection.id, connection);
  }

  /** Removes a connection and gives back what it was bound to. */
  remove(connection: Connection): Binding | undefined {
    const bound = connection.bound;
    this.unbind(connection);
    connection.gone = true;
    this.#connections.delete(connection.id);
    return bound;
  }

  /**
   * Connected to Bound in one step. Another connection of this node that held the client id becomes
   * fenced: its next frame learns that the session is over. A binding the connection had before
   * must have been ended by the caller.
   */
  bind(connection: Connection, userId: number, clientId: bigint, session: number): Binding {
    const former = this.#byClient.get(clientId);
    if (former?.binding !== undefined && former !== connection) former.binding.fenced = true;
    this.unbind(connection);
    const binding = createBinding(userId, clientId, session);
    connection.binding = binding;
    this.#byClient.set(clientId, connection);
    return binding;
  }

  /** Back to Connected. */
  unbind(connection: Connection): void {
    const binding = connection.binding;
    if (binding === undefined) return;
    connection.binding = undefined;
    if (this.#byClient.get(binding.clientId) === connection) {
      this.#byClient.delete(binding.clientId);
    }
  }
}
