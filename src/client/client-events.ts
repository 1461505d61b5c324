import type { SignedIn } from '../session/index.js';

/** One frame as it was sent or received. */
export interface FrameEvent {
  readonly direction: 'in' | 'out';
  /** `host:port` of the node. */
  readonly node: string;
  /** Number of the connection, from 1; grows with every dial. */
  readonly link: number;
  /** The whole frame. It holds secrets when it is a login; do not keep or change it. */
  readonly bytes: Uint8Array;
}

/** Events of a client, by name. */
export interface ClientEvents {
  readonly connected: { readonly node: string };
  readonly disconnected: { readonly node: string; readonly reason: string };
  readonly dialFailed: { readonly node: string; readonly reason: string };
  readonly signedIn: SignedIn & { readonly node: string };
  readonly signedOut: { readonly reason: string };
  readonly redirected: { readonly from: string; readonly to: string };
  /** A request is being sent again. */
  readonly retrying: {
    readonly code: number;
    readonly request?: bigint;
    readonly reason: string;
  };
  readonly heartbeat: { readonly ok: boolean; readonly reason?: string };
  readonly warning: { readonly message: string };
  readonly frame: FrameEvent;
  readonly closed: Readonly<Record<never, never>>;
}

export type ClientEventName = keyof ClientEvents;

/**
 * Typed listeners of one client. What a listener throws ends as an uncaught exception, without
 * disturbing the client.
 */
export class ClientEmitter {
  readonly #listeners = new Map<ClientEventName, Set<(event: never) => void>>();

  /** Adds a listener; the returned function removes it. */
  on<N extends ClientEventName>(name: N, listener: (event: ClientEvents[N]) => void): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener);
    return () => void set.delete(listener);
  }

  /** True when building the event is worth it. */
  has(name: ClientEventName): boolean {
    return (this.#listeners.get(name)?.size ?? 0) > 0;
  }

  emit<N extends ClientEventName>(name: N, event: ClientEvents[N]): void {
    const set = this.#listeners.get(name) as Set<(event: ClientEvents[N]) => void> | undefined;
    if (set === undefined) return;
    for (const listener of [...set]) {
      try {
        listener(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
